import { expect, test } from "vitest";
import type { LedgerEntry } from "@/api/types";
import { since } from "./since";
import type { EntryResult } from "./verify";

const shown = (...numbers: number[]) => numbers.map((seq) => ({ seq }) as LedgerEntry);
const checked = (...numbers: number[]) => ({ entries: new Map(numbers.map((seq) => [seq, {} as EntryResult])) });

test("a check of all that is shown leaves nothing open", () => {
  expect(since(checked(9, 7, 4), shown(9, 7, 4))).toEqual({ newer: 0, older: 0 });
});

test("entries that came since are told from those further back that were shown later", () => {
  expect(since(checked(9, 7), shown(12, 10, 9, 7, 4))).toEqual({ newer: 2, older: 1 });
});

test("where nothing was there to be checked, everything came since", () => {
  expect(since(checked(), shown(0))).toEqual({ newer: 1, older: 0 });
});
