// Files on their way into a record. They live beside the pages, so that going to another page of the app stops nothing; only
// closing the window does, and then the same file goes on where it was when it is chosen again. Three go at a time; one whose
// connection broke waits and goes on where it was.
import { Problem } from "@/api/client";
import { unfinishedUploads } from "@/api/documents";
import { arrived, begin, end, push } from "@/api/tus";
import type { UnfinishedUpload } from "@/api/types";
import { fingerprint } from "./fingerprint";

export type UploadState = "waiting" | "sending" | "checking" | "offline" | "done" | "refused" | "failed";

export interface Upload {
  id: number;
  patient: string;
  name: string;
  title?: string;
  file: Blob;
  sent: number;
  state: UploadState;
  /** Where it goes. */
  url?: string;
  /** What an earlier window left half sent. */
  left: () => Promise<UnfinishedUpload[]>;
  /** Of the document that it became. */
  document?: string;
  problem?: Problem;
}

interface Running {
  stop: AbortController;
  url: string | null;
  /** Without a byte sent in between. */
  tries: number;
}

const AT_ONCE = 3;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const MOST_TRIES = 8;

let all: readonly Upload[] = [];
let nextId = 1;
const running = new Map<number, Running>();
const watchers = new Set<() => void>();

export const uploads = (): readonly Upload[] => all;
export function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

const ACTIVE: readonly UploadState[] = ["waiting", "sending", "checking", "offline"];
export const isActive = ({ state }: Upload): boolean => ACTIVE.includes(state);

// Whoever closes the window while files are on their way is asked whether they mean it.
const ask = (event: BeforeUnloadEvent): void => event.preventDefault();

function set(next: readonly Upload[]): void {
  all = next;
  if (all.some(isActive)) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
  for (const watcher of watchers) watcher();
}
const put = (id: number, change: Partial<Upload>): void =>
  set(all.map((each) => (each.id === id ? { ...each, ...change } : each)));

/** Takes files in, all at once however many they are. */
export function addFiles(
  patient: string,
  files: { name: string; file: Blob; title?: string }[],
  largest = Number.POSITIVE_INFINITY,
): void {
  // Asked once for all of them. Who cannot be told begins anew.
  let asked: Promise<UnfinishedUpload[]> | undefined;
  const left = () => {
    asked ??= unfinishedUploads(patient).catch(() => []);
    return asked;
  };
  const fresh = files.map(({ name, file, title }): Upload => {
    const upload: Upload = { id: nextId++, patient, name, title, file, left, sent: 0, state: "waiting" };
    if (file.size === 0) return { ...upload, state: "refused", problem: new Problem(422, "empty", "") };
    return file.size <= largest
      ? upload
      : { ...upload, state: "refused", problem: new Problem(413, "over-limit", String(largest)) };
  });
  set([...all, ...fresh]);
  next();
}

function next(): void {
  for (const upload of all) {
    if (running.size >= AT_ONCE) return;
    if (upload.state === "waiting" && !running.has(upload.id)) go(upload);
  }
}

async function go(upload: Upload): Promise<void> {
  const run: Running = { stop: new AbortController(), url: null, tries: 0 };
  running.set(upload.id, run);
  try {
    await carry(upload, run);
  } finally {
    running.delete(upload.id);
    next();
  }
}

/** The server keeps a plainer and shorter name than the file has: letters and digits are what both begin with. */
const alike = (name: string): string => name.replace(/[^\p{L}\p{N}]+/gu, "").slice(0, 100);

/** Where a file goes on that was half sent before this window was opened; no two files go to one place. */
async function known({ id, name, file, left }: Upload, mark: string | undefined): Promise<string | null> {
  if (mark === undefined) return null;
  const all = await left();
  const free = ({ address }: UnfinishedUpload) => !uploads().some((each) => each.url === address);
  const same = (each: UnfinishedUpload) =>
    each.fingerprint === mark && each.size === file.size && alike(each.name) === alike(name);
  const found = all.find((each) => same(each) && free(each))?.address ?? null;
  // Taken here, with nothing in between: another file may be waiting for the same answer.
  if (found !== null) put(id, { url: found });
  return found;
}

/** One file from its beginning to its end, through every lost connection on the way. */
async function carry(upload: Upload, run: Running): Promise<void> {
  const { id, file, name, title, patient } = upload;
  const mark = await fingerprint(file).catch(() => undefined);
  run.url = upload.url ?? (await known(upload, mark));
  if (run.stop.signal.aborted) return;
  for (;;) {
    try {
      const there = run.url === null ? null : await arrived(run.url, run.stop.signal);
      if (run.url === null || there === null) {
        run.url = await begin(file, { filename: name, patient, title, fingerprint: mark }, run.stop.signal);
        put(id, { url: run.url });
      }
      const offset = there?.offset ?? 0;
      put(id, { state: "sending", sent: offset });
      const onBytes = (sent: number) => onSent(id, file.size, sent, run);
      // The connection may have broken after the last piece, before the answer to it.
      const document = there?.document ?? (await push(run.url, file, offset, onBytes, run.stop.signal));
      return put(id, { state: "done", document, sent: file.size, problem: undefined });
    } catch (error) {
      if (run.stop.signal.aborted) return;
      const problem = error instanceof Problem ? error : new Problem(-1, "", "");
      run.tries += 1;
      // Without a connection it waits as long as it takes; a server that cannot is not asked for ever.
      if (!mayPass(problem))
        return put(id, { state: problem.status === 422 || problem.status === 413 ? "refused" : "failed", problem });
      if (problem.status !== 0 && run.tries > MOST_TRIES) return put(id, { state: "failed", problem });
      put(id, { state: "offline", problem });
      await pause(run, problem.retryAfter);
      if (run.stop.signal.aborted) return;
    }
  }
}

function onSent(id: number, size: number, sent: number, run: Running): void {
  run.tries = 0;
  put(id, { sent, state: sent >= size ? "checking" : "sending" });
}

/** No connection, a busy server, or a place that has moved on meanwhile: the next try may go well. */
const mayPass = ({ status, retryAfter }: Problem): boolean =>
  status === 0 || status === 409 || status === 429 || (status >= 500 && status !== 507) || retryAfter !== null;

/** Until the browser says that it is connected again, and no longer than this. */
function pause(run: Running, seconds: number | null): Promise<void> {
  const wait = seconds !== null ? seconds * 1_000 : Math.min(FIRST_WAIT * 2 ** Math.min(run.tries, 6), LONGEST_WAIT);
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener("online", over);
      run.stop.signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, wait);
    window.addEventListener("online", over);
    run.stop.signal.addEventListener("abort", over);
  });
}

/** Takes a file back that is on its way, and what the server has of it. */
export function cancel(id: number): void {
  const run = running.get(id);
  run?.stop.abort();
  if (run?.url) end(run.url).catch(() => {});
  set(all.filter((each) => each.id !== id));
}

export function retry(id: number): void {
  put(id, { state: "waiting", sent: 0, problem: undefined });
  next();
}

/** Clears the list of everything that is over. */
export const clearDone = (): void => set(all.filter(isActive));
