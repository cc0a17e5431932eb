import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "@/api/types";
import { beyond, isOwn, runs } from "./folding";

const own = (seq: number) => ({ seq, actor: { name: "P", role: "patient" }, ground: "own record" }) as LedgerEntry;
const other = (seq: number) => ({ seq, actor: { name: "D", role: "practitioner" }, ground: "grant" }) as LedgerEntry;
const shape = (entries: LedgerEntry[]) => runs(entries).map((run) => run.entries.map((entry) => entry.seq));

describe("folding one's own acts", () => {
  it("folds three and more in a row and keeps every act in its order", () => {
    expect(shape([own(9), own(8), own(7), other(6), own(5)])).toEqual([[9, 8, 7], [6], [5]]);
  });

  it("never folds what somebody else did", () => {
    expect(shape([other(3), other(2), other(1)])).toEqual([[3], [2], [1]]);
    expect(shape([own(2), own(1)])).toEqual([[2], [1]]);
  });

  it("takes nobody who looks after the record for the patient", () => {
    const helper = { ...own(1), ground: "delegation" };
    expect([isOwn(own(1)), isOwn(helper), isOwn({ ...helper, ground: "guardianship" })]).toEqual([true, false, false]);
    expect(isOwn({ ...own(1), actor: { ...own(1).actor, app: "An app" } })).toBe(false);
  });

  it("leaves nothing that others did out of sight, however many acts of one's own come first", () => {
    const loaded = Array.from({ length: 50 }, (_, i) => own(100 - i));
    expect(beyond(loaded, [other(101), other(70), other(40), other(3)]).map(({ seq }) => seq)).toEqual([40, 3]);
    expect(beyond([], [other(3)])).toEqual([]);
  });
});
