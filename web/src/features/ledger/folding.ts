// Long runs of one's own acts say little; they fold into one line that opens.
import type { LedgerEntry } from "@/api/types";

export type Run = { own: boolean; entries: LedgerEntry[] };

const SHORTEST = 3;

const HELPERS = ["guardianship", "delegation"];

/** What the patient did in person: there is nobody to be asked about it. Whoever looks after the record is somebody else. */
export const isOwn = ({ actor, ground }: LedgerEntry): boolean =>
  actor.role === "patient" && !actor.app && !HELPERS.includes(ground ?? "");

/** Neighbouring acts of the patient as one run, when there are at least three; everything else stands alone, in its order. */
export function runs(entries: LedgerEntry[]): Run[] {
  const found: Run[] = [];
  for (const entry of entries) {
    // What an app read is not what one did oneself.
    const own = entry.actor.role === "patient" && entry.ground === "own record" && !entry.actor.app;
    const last = found.at(-1);
    if (own && last?.own) last.entries.push(entry);
    else found.push({ own, entries: [entry] });
  }
  return found.flatMap((run) =>
    run.own && run.entries.length >= SHORTEST ? [run] : run.entries.map((entry) => ({ own: false, entries: [entry] })),
  );
}

/** Those that lie before everything that is loaded. Both lists have the newest first. */
export function beyond(loaded: LedgerEntry[], others: LedgerEntry[]): LedgerEntry[] {
  const oldest = loaded.at(-1);
  return oldest ? others.filter((entry) => entry.seq < oldest.seq) : [];
}
