// One event stream per tab. It carries topics and never health data: a topic says what to read again.
import type { QueryClient } from "@tanstack/react-query";
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
      return [["grants"], ["my-patients"], ["record"]];
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
  for (const queryKey of records) {
    client.invalidateQueries({ queryKey, predicate: (query) => mayStillOpen(client, query.queryKey[1]) });
  }
}

// Only practitioners have this list; without it the record is one's own.
function mayStillOpen(client: QueryClient, patient: unknown): boolean {
  const list = client.getQueryData<MyPatient[]>(myPatients().queryKey);
  return list === undefined || list.some((each) => each.id === patient);
}

/** Starts listening; the returned function stops it. */
export function listen(client: QueryClient): () => void {
  let source: EventSource | null = null;
  let wait = FIRST_WAIT;
  let missed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const topics = new Set<string>();

  const flush = () => {
    gathering = undefined;
    const gathered = [...topics];
    topics.clear();
    renew(client, gathered);
  };

  const open = () => {
    source = new EventSource("/api/events");
    source.onopen = () => {
      wait = FIRST_WAIT;
      // Something may have changed while nobody was listening, for example a consent that ended.
      if (missed) renew(client, EVERYTHING);
      missed = false;
    };
    source.addEventListener("changed", (event) => {
      for (const topic of readTopics(event.data)) topics.add(topic);
      gathering ??= setTimeout(flush, GATHER);
    });
    source.onerror = () => {
      source?.close();
      missed = true;
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };

  open();
  return () => {
    source?.close();
    clearTimeout(timer);
    clearTimeout(gathering);
  };
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
