import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "@/api/types";
import { type CheckpointResult, type EntryResult, followEachOther, judge, tellsTheSame } from "./verify";

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
  witnesses: { asked: 2, signed: ["a", "b"], size: 9, sound: true, changed: [], missing: [] },
};
const entry: EntryResult = { seq: 1, sealed: true, honest: true, included: true, leafHash: "", proof: [], steps: [] };
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
    expect(judge(good, [{ ...entry, honest: false }], true)).toBe("bad");
    expect(judge(good, [{ ...entry, included: false }], true)).toBe("bad");
    expect(judge({ ...good, witnesses: { ...good.witnesses, sound: false } }, [entry], true)).toBe("bad");
    expect(judge({ ...good, witnesses: { ...good.witnesses, changed: ["a"] } }, [entry], true)).toBe("bad");
    expect(judge(good, [entry], false)).toBe("bad");
  });

  it("says so when something could not be checked", () => {
    expect(judge({ ...good, signature: "unsupported" }, [entry], true)).toBe("partly");
    expect(judge(good, [{ ...entry, included: "later" }], true)).toBe("partly");
    expect(judge({ ...good, witnesses: { ...good.witnesses, missing: ["a"] } }, [entry], true)).toBe("partly");
  });

  it("notices an entry that was left out of the list", () => {
    expect(followEachOther(numbered(9, 8, 7), 10)).toBe(true);
    expect(followEachOther(numbered(9, 7, 6), 10)).toBe(false);
    expect(followEachOther(numbered(8, 7, 6), 10)).toBe(false);
    expect(followEachOther([], 0)).toBe(true);
  });

  it("notices a list that shows one thing and proves another", () => {
    const sealed = {
      seq: 7,
      patientSeq: 2,
      time: "2026-11-21T12:25:20.594Z",
      action: "read",
      who: { account: 4, role: "practitioner", name: "Dr. River", organization: "Mill Clinic" },
      what: "Observation",
      count: 3,
      ground: "own-record",
      purpose: "treatment",
      request: "00",
    };
    const shown = {
      ...sealed,
      ground: "own record",
      actor: { name: "Dr. River", role: "practitioner", organization: "Mill Clinic" },
      entry: btoa(JSON.stringify(sealed)),
      r: "",
      leaf: "",
    } as LedgerEntry;
    expect(tellsTheSame(shown)).toBe(true);
    expect(tellsTheSame({ ...shown, count: 1 })).toBe(false);
    expect(tellsTheSame({ ...shown, actor: { ...shown.actor, name: "Nobody" } })).toBe(false);
    expect(tellsTheSame({ ...shown, purpose: null })).toBe(false);
    expect(tellsTheSame({ ...shown, entry: "not base64" })).toBe(false);
    expect(tellsTheSame({ ...shown, actor: { ...shown.actor, app: "Somebody else" } })).toBe(false);
    // Some grounds are written with a hyphen in the list too.
    const emergency = { ...shown, ground: "break-glass" };
    expect(tellsTheSame(emergency)).toBe(false);
    const logged = btoa(JSON.stringify({ ...sealed, ground: "break-glass" }));
    expect(tellsTheSame({ ...emergency, entry: logged })).toBe(true);
  });
});
