// Sends files in pieces by the tus protocol (tus.io, version 1.0.0: core, creation and termination), so that a lost connection
// costs no more than the piece that was on its way.
import { openProfile } from "@/lib/profile";
import { Problem } from "./client";

/** The largest piece that is sent at once. */
export const PIECE = 2 * 1024 * 1024;
const VERSION = "1.0.0";
const START = "/api/uploads";

export interface Wishes {
  filename?: string;
  patient: string;
  title?: string;
  /** By which the file is known again after this window was closed. */
  fingerprint?: string;
  /** What a browser says of a file that it sealed, as JSON. */
  sealed?: string;
}

interface Answer {
  status: number;
  header: (name: string) => string | null;
  body: string;
}

interface Request {
  method: "POST" | "HEAD" | "PATCH" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  body?: Blob;
  signal?: AbortSignal;
  /** How many bytes of the body have gone out. */
  onSent?: (bytes: number) => void;
}

/** fetch does not say how far a body has gone; this older way does. */
function send({ method, url, headers, body, signal, onSent }: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    const profile = openProfile();
    const all = { "Tus-Resumable": VERSION, ...(profile ? { "X-Record": profile.id } : {}), ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    const stop = () => request.abort();
    const done = () => signal?.removeEventListener("abort", stop);
    request.upload.onprogress = (event) => onSent?.(event.loaded);
    request.onload = () => {
      done();
      const { status, responseText } = request;
      resolve({ status, header: (name) => request.getResponseHeader(name), body: responseText });
    };
    request.onerror = () => {
      done();
      reject(new Problem(0, "offline", ""));
    };
    request.onabort = () => {
      done();
      reject(new DOMException("stopped", "AbortError"));
    };
    if (signal?.aborted) return request.onabort(new ProgressEvent("abort"));
    signal?.addEventListener("abort", stop);
    request.send(body ?? null);
  });
}

function refusal({ status, header, body }: Answer): Problem {
  const wait = Number(header("Retry-After"));
  const after = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const { kind, detail, title, issues } = JSON.parse(body);
    return new Problem(status, kind ?? "", detail ?? title ?? "", issues ?? [], after);
  } catch {
    return new Problem(status, "", "", [], after);
  }
}

const inBase64 = (text: string): string => {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
};

/** Wishes as the protocol writes them: `filename d29ybGQ=,patient …`. */
export const metadata = (wishes: Wishes): string =>
  Object.entries(wishes)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name} ${inBase64(value)}`)
    .join(",");

/** Opens an upload and answers its address. */
export async function begin(file: Blob, wishes: Wishes, signal?: AbortSignal): Promise<string> {
  const headers = { "Upload-Length": String(file.size), "Upload-Metadata": metadata(wishes) };
  const answer = await send({ method: "POST", url: START, headers, signal });
  const place = answer.header("Location");
  if (answer.status !== 201 || !place) throw refusal(answer);
  return new URL(place, window.location.href).pathname;
}

/** The document that an upload became, when it is whole. */
const documentIn = (answer: Answer): string | null =>
  /\/(?:documents|sealed)\/([^/]+)$/.exec(answer.header("Content-Location") ?? "")?.[1] ?? null;

/** How much of it the server has, and the document that it has become if it is whole; null when it has it no more. */
export async function arrived(
  url: string,
  signal?: AbortSignal,
): Promise<{ offset: number; document: string | null } | null> {
  const answer = await send({ method: "HEAD", url, signal });
  if (answer.status === 404 || answer.status === 410) return null;
  const document = documentIn(answer);
  const offset = Number(answer.header("Upload-Offset") ?? Number.NaN);
  if (answer.status >= 300 || (!Number.isInteger(offset) && !document)) throw refusal(answer);
  return { offset, document };
}

/** Sends what is missing from `offset` on; answers the id of the document that it became. */
export async function push(
  url: string,
  file: Blob,
  offset: number,
  onSent: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  let from = offset;
  for (;;) {
    const begun = from;
    const answer = await send({
      method: "PATCH",
      url,
      headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(begun) },
      body: file.slice(begun, begun + PIECE),
      signal,
      onSent: (bytes) => onSent(Math.min(begun + bytes, file.size)),
    });
    if (answer.status !== 204) throw refusal(answer);
    const id = documentIn(answer);
    if (id) return id;
    from = Number(answer.header("Upload-Offset"));
    // A server that takes nothing would be asked for ever.
    if (!(from > begun)) throw new Problem(502, "upload", "");
    onSent(from);
  }
}

/** Takes back what was sent so far. */
export async function end(url: string): Promise<void> {
  await send({ method: "DELETE", url });
}
