// How a proposed entry gets to the server once, also when an answer is lost on the way: a draft that was made is remembered,
// and the next try goes on with it.
import { changeJson, editNow, landEdit, proposeJson } from "@/api/edits";

/** A draft that stands at the server, and what the form said when it was made. */
export interface Kept {
  id: number;
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

/** Drafts an entry and, in a visit, lands it. `keep` hears of the draft before anything after it can fail. */
export async function sendEntry(
  { patient, reason, resource, said, open }: Proposed,
  kept: Kept | null,
  keep: (kept: Kept | null) => void,
): Promise<Sent> {
  // The answer may have been lost after it landed; and the patient may have said no meanwhile.
  const state = kept && (await editNow(kept.id)).state;
  if (kept && state === "landed") {
    keep(null);
    return kept.said === said ? "landed" : "earlier";
  }
  let id: number;
  if (kept && state === "waiting") {
    id = kept.id;
    if (kept.said !== said) await changeJson(id, reason, resource);
  } else {
    id = (await proposeJson(patient, reason, resource)).id;
  }
  keep({ id, said });
  if (open) await landEdit(id, null);
  keep(null);
  return open ? "landed" : "waits";
}
