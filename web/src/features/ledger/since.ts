// What a check says nothing about, because it came on the page after it. Apart from the check, which comes only when it is asked for.
import type { LedgerEntry } from "@/api/types";
import type { Result } from "./verify";

/** How many of the entries that are shown came after those that were checked, and how many others were not among them. */
export function since(result: Pick<Result, "entries">, shown: LedgerEntry[]): { newer: number; older: number } {
  const newest = Math.max(-1, ...result.entries.keys());
  const left = shown.filter((entry) => !result.entries.has(entry.seq));
  const newer = left.filter((entry) => entry.seq > newest).length;
  return { newer, older: left.length - newer };
}
