// How a proposed entry gets to the server once, also when an answer is lost on the way: a draft is remembered before it is
// sent, and the next try goes on with it.
import { newKey, Problem } from "@/api/client";
import { changeJson, editNow, landEdit, proposeJson } from "@/api/edits";
import type { Edit } from "@/api/types";

/** A draft that stands at the server, or may stand there. */
export interface Kept {
  /** Under which it was sent. */
  key: string;
  /** Null until an answer came. */
  id: number | null;
  /** What was sent under the key, byte for byte. */
  sent: { reason: string; resource: string };
  /** What the form said when it was made. */
  said: string;
}

export interface Proposed {
  patient: string;
  reason: string;
  /** The entry as JSON text. */
  resource: string;
  /** What the form says: the same again is no new entry. */
  said: string;
  /** Inside a visit's session the patient has approved beforehand. */
  open: boolean;
}

/** `earlier`: what an earlier try said stands in the record already, and the form says something else since. */
export type Sent = "waits" | "landed" | "earlier";

type Keep = (kept: Kept | null) => void;

/** Sends a draft, or sends it again. What the server refused is no draft; where no answer came there may be one. */
async function drafted(patient: string, kept: Kept, keep: Keep): Promise<Edit> {
  keep(kept);
  try {
    return await proposeJson(patient, kept.sent.reason, kept.sent.resource, kept.key);
  } catch (error) {
    if (error instanceof Problem && error.status >= 400 && error.status < 500) keep(null);
    throw error;
  }
}

/** Drafts an entry and, in a visit, lands it. `keep` hears of the draft before anything can fail. */
export async function sendEntry(proposed: Proposed, kept: Kept | null, keep: Keep): Promise<Sent> {
  const { patient, reason, resource, said, open } = proposed;
  // The answer may have been lost after it was drafted, or landed; and the patient may have said no meanwhile.
  const before = kept && (kept.id === null ? await drafted(patient, kept, keep) : await editNow(kept.id));
  if (kept && before?.state === "landed") {
    keep(null);
    return kept.said === said ? "landed" : "earlier";
  }
  let id: number;
  let now: Kept;
  if (kept && before?.state === "waiting") {
    id = before.id;
    now = { ...kept, id };
    keep(now);
    if (kept.said !== said) await changeJson(id, reason, resource);
  } else {
    now = { key: newKey(), id: null, sent: { reason, resource }, said };
    id = (await drafted(patient, now, keep)).id;
  }
  keep({ ...now, id, said });
  if (open) await landEdit(id, null);
  keep(null);
  return open ? "landed" : "waits";
}
