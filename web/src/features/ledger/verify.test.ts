import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "@/api/types";
import { type CheckpointResult, type EntryResult, followEachOther, judge } from "./verify";

const good: CheckpointResult = {
  origin: "o",
  size: 9,
  root: "",
  text: "",
  publicKey: "",
  agrees: true,
  signature: "valid",
  history: "continues",
  key: "same",
  before: null,
};
const entry: EntryResult = { seq: 1, sealed: true, included: true, leafHash: "", proof: [], steps: [] };
const numbered = (...numbers: number[]) => numbers.map((patientSeq) => ({ patientSeq }) as LedgerEntry);

describe("the verdict on a ledger", () => {
  it("is good only when everything held", () => {
    expect(judge(good, [entry], true)).toBe("good");
    expect(judge({ ...good, history: "first", key: "first" }, [entry], null)).toBe("good");
  });

  it("is bad when a single thing did not hold", () => {
    expect(judge({ ...good, agrees: false }, [entry], true)).toBe("bad");
    expect(judge({ ...good, signature: "invalid" }, [entry], true)).toBe("bad");
    expect(judge({ ...good, history: "broken" }, [entry], true)).toBe("bad");
    expect(judge({ ...good, key: "changed" }, [entry], true)).toBe("bad");
    expect(judge(good, [entry, { ...entry, sealed: false }], true)).toBe("bad");
    expect(judge(good, [{ ...entry, included: false }], true)).toBe("bad");
    expect(judge(good, [entry], false)).toBe("bad");
  });

  it("says so when something could not be checked", () => {
    expect(judge({ ...good, signature: "unsupported" }, [entry], true)).toBe("partly");
    expect(judge(good, [{ ...entry, included: "later" }], true)).toBe("partly");
  });

  it("notices an entry that was left out of the list", () => {
    expect(followEachOther(numbered(9, 8, 7))).toBe(true);
    expect(followEachOther(numbered(9, 7, 6))).toBe(false);
    expect(followEachOther([])).toBe(true);
  });
});
