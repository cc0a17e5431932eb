// One event stream per browser. It carries topics and never health data: a topic says what to read again.
import type { Query, QueryClient } from "@tanstack/react-query";
import { Problem } from "./client";
import { myPatients } from "./doctor";
import type { MyPatient } from "./types";

const EVERYTHING = [
  "grants",
  "requests",
  "ledger",
  "inbox",
  "links",
  "emergencies",
  "edits",
  "cases",
  "desk",
  "family",
  "vault",
  "session",
  "record:*",
];
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
/** A burst of changes becomes one reading, because each reading is a line in the ledger. */
const GATHER = 300;

export function keysFor(topic: string): unknown[][] {
  const [room, id] = topic.split(":", 2);
  switch (room) {
    case "record":
      // The card is made of the patient's own record.
      return [["emergency-card"], ...(id === "*" ? [["record"]] : [["record", id]])];
    // What a practitioner may see follows from the grants, so open records are asked for again as well.
    case "grants":
    case "patients":
      return [["grants"], ["my-patients"], ["desk"], ["record"]];
    case "requests":
      return [["requests"]];
    case "ledger":
      return [["ledger"]];
    case "links":
      return [["links"], ["emergency-card"]];
    case "inbox":
      return [["inbox"]];
    case "cases":
      return [["cases"]];
    case "desk":
      return [["desk"]];
    case "family":
      return [["family"]];
    case "vault":
      return [["vault"]];
    case "edits":
      return [["edits"]];
    case "emergencies":
      return [["admin", "emergencies"]];
    case "session":
      return [["session"], ["devices"], ["methods"], ["verification"]];
    default:
      return [];
  }
}

/** Reads again what the topics name. Consents come first, and records they no longer cover are left alone: to ask for those
 * would only write a refused reading into the patient's ledger. What shows such a record closes itself by the list. */
export async function renew(client: QueryClient, topics: Iterable<string>): Promise<void> {
  const keys = new Map([...topics].flatMap(keysFor).map((key) => [JSON.stringify(key), key]));
  const records = [...keys.values()].filter(([room]) => room === "record");
  const others = [...keys.values()].filter(([room]) => room !== "record" && room !== "session");
  // The session comes first of all: when it is over, everything else would only be refused.
  if (keys.has(JSON.stringify(["session"]))) {
    await client.invalidateQueries({ queryKey: ["session"] });
    if (client.getQueryData(["session"]) === null) return;
  }
  await Promise.all(others.map((queryKey) => client.invalidateQueries({ queryKey })));
  const open = (query: Query) => mayStillOpen(client, query.queryKey[1]);
  await Promise.all(records.map((queryKey) => client.invalidateQueries({ queryKey, predicate: open })));
}

// Only practitioners have this list; without it the record is one's own.
function mayStillOpen(client: QueryClient, patient: unknown): boolean {
  const list = client.getQueryData<MyPatient[]>(myPatients().queryKey);
  return list === undefined || list.some((each) => each.id === patient);
}

/** Tabs of one browser share one stream, which the tab that was looked at last holds: a browser has few connections to give. */
const SHARED = "healthsync-events";
/** Whoever hands the stream over listens on until the next one surely does. */
const OVERLAP = 2_000;

/** Starts listening; the returned function stops it. */
export function listen(client: QueryClient): () => void {
  const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel(SHARED) : null;
  const over = new AbortController();
  let source: EventSource | null = null;
  let wait = FIRST_WAIT;
  let missed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_WAIT;
  let again: ReturnType<typeof setTimeout> | undefined;
  let queue = new AbortController();
  let release = () => {};
  let holds = false;
  const topics = new Set<string>();

  const flush = async () => {
    gathering = undefined;
    const gathered = [...topics];
    topics.clear();
    await renew(client, gathered);
    // What could not be asked is asked again: an open page must not go on showing what may have ended.
    if (!unanswered(client, gathered)) pause = FIRST_WAIT;
    else if (!over.signal.aborted) {
      again = setTimeout(() => hear(gathered), pause);
      pause = Math.min(pause * 2, LONGEST_WAIT);
    }
  };

  const hear = (more: string[]) => {
    for (const topic of more) topics.add(topic);
    gathering ??= setTimeout(flush, GATHER);
  };

  const tell = (more: string[]) => {
    hear(more);
    tabs?.postMessage(more);
  };

  const close = () => {
    source?.close();
    source = null;
    clearTimeout(timer);
  };

  const open = () => {
    close();
    source = new EventSource("/api/events");
    source.onopen = () => {
      wait = FIRST_WAIT;
      // Something may have changed while nobody was listening, for example a consent that ended.
      if (missed) tell(EVERYTHING);
      missed = false;
    };
    source.addEventListener("changed", (event) => tell(readTopics(event.data)));
    source.onerror = () => {
      close();
      missed = true;
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };

  // The lock is held until somebody takes it, or this tab stops.
  const hold = (waited: boolean) => () => {
    if (over.signal.aborted) return undefined;
    holds = true;
    if (!source) {
      missed ||= waited;
      open();
    }
    return new Promise<void>((done) => {
      release = done;
    });
  };

  const wanted = () => {
    queue = new AbortController();
    navigator.locks.request(SHARED, { signal: queue.signal }, hold(true)).catch(lost);
  };

  const lost = () => {
    if (!holds || over.signal.aborted) return;
    holds = false;
    setTimeout(() => holds || close(), OVERLAP);
    // When the one that took it is closed, this one goes on.
    wanted();
  };

  const take = () => {
    if (holds || document.visibilityState === "hidden") return;
    queue.abort();
    if (!source) open();
    navigator.locks.request(SHARED, { steal: true }, hold(false)).catch(lost);
  };

  if (tabs) tabs.onmessage = ({ data }) => Array.isArray(data) && hear(data);
  if (tabs && navigator.locks) {
    document.addEventListener("visibilitychange", take, { signal: over.signal });
    if (document.visibilityState === "hidden") wanted();
    else take();
  } else {
    open();
  }
  return () => {
    over.abort();
    queue.abort();
    release();
    close();
    tabs?.close();
    clearTimeout(gathering);
    clearTimeout(again);
  };
}

/** Whether a page shows what it could not read again, because nobody answered. */
export function unanswered(client: QueryClient, topics: string[]): boolean {
  const silent = (error: unknown) => error instanceof Problem && (error.status === 0 || error.status >= 500);
  const active = (queryKey: unknown[]) => client.getQueryCache().findAll({ queryKey, type: "active" });
  return topics.flatMap(keysFor).some((key) => active(key).some(({ state }) => silent(state.error)));
}

function readTopics(data: string): string[] {
  try {
    const body: unknown = JSON.parse(data);
    const topics = (body as { topics?: unknown }).topics;
    return Array.isArray(topics) ? topics.filter((topic) => typeof topic === "string") : [];
  } catch {
    return [];
  }
}
