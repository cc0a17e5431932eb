import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "@/api/types";
import { readersSince } from "./news";

const act = (seq: number, name: string, action = "read") =>
  ({ seq, action, time: `t${seq}`, actor: { name, role: "practitioner" } }) as LedgerEntry;

describe("what is new in the list of readers", () => {
  it("names each reader once, the latest first, with how often", () => {
    const readers = readersSince([act(9, "A"), act(8, "B"), act(7, "A", "search"), act(3, "C")], 3);
    expect(readers).toEqual([
      { name: "A", organization: null, times: 2, latest: "t9" },
      { name: "B", organization: null, times: 1, latest: "t8" },
    ]);
  });

  it("leaves out what was no reading", () => {
    expect(readersSince([act(5, "A", "create"), act(4, "A", "refused")], -1)).toEqual([]);
  });
});
