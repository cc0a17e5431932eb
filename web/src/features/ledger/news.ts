// What others did since the patient last looked at the list. Remembered in this browser only, per record.
import type { LedgerEntry } from "@/api/types";
import { recall, remember } from "@/lib/storage";

const key = (patient: string) => `looked.${patient}`;

/** The position of the newest entry that was looked at; minus one when none was. */
export const lookedAt = (patient: string): number => Number(recall(key(patient)) ?? -1);

export function markLooked(patient: string, newest: number | undefined): void {
  if (newest !== undefined && newest > lookedAt(patient)) remember(key(patient), String(newest));
}

export interface Reader {
  name: string;
  organization: string | null;
  times: number;
  latest: string;
}

const READINGS = new Set(["read", "search", "history", "export"]);

/** Who read something after that position, the latest reader first. Entries come newest first. */
export function readersSince(entries: LedgerEntry[], position: number): Reader[] {
  const readers = new Map<string, Reader>();
  for (const { seq, action, actor, time } of entries) {
    if (seq <= position || !READINGS.has(action)) continue;
    const known = readers.get(actor.name);
    if (known) known.times += 1;
    else
      readers.set(actor.name, { name: actor.name, organization: actor.organization ?? null, times: 1, latest: time });
  }
  return [...readers.values()];
}
