import { expect, test } from "vitest";
import { Problem } from "@/api/client";
import type { DocumentValue, LabCode } from "@/api/types";
import {
  answerOf,
  confidenceOf,
  draftOf,
  faultsOf,
  nextOpen,
  parted,
  refusedOf,
  resultOf,
  searchCodes,
  wordOf,
} from "./values";

const read: DocumentValue = {
  n: 1,
  state: "proposed",
  page: 1,
  box: null,
  printed: null,
  label: "SGPT",
  code: "1742-6",
  display: "Alanine aminotransferase",
  value: "42",
  comparator: "<",
  qualitative: null,
  unit: "U/L",
  unitPrinted: "IU/L",
  low: "0",
  high: "45",
  flag: null,
  date: null,
  confidence: 0.97,
  observation: null,
  addedFrom: null,
};

const lab = (code: string, display: string, synonyms: string[], units: string[] = []): LabCode => ({
  code,
  display,
  synonyms,
  unit: units[0] ?? null,
  units,
});

test("a result is a number with its sign, or a word", () => {
  expect(resultOf(" 13,5 ")).toEqual({ value: "13.5", comparator: null, qualitative: null });
  expect(resultOf("\u2264 0.01")).toEqual({ value: "0.01", comparator: "<=", qualitative: null });
  expect(resultOf("3+")).toEqual({ value: null, comparator: null, qualitative: "3+" });
  expect(resultOf("1.2.3").value).toBeNull();
});

test("digits that can be read in two ways are asked about and never kept", () => {
  for (const text of ["150,000", "< 1,250", "1.250,5", "1 250", "12'500"]) {
    expect(resultOf(text)).toEqual({ value: null, comparator: null, qualitative: null });
    expect(faultsOf({ ...draftOf(read, "2026-03-04"), result: text }, [])).toEqual(["result"]);
    expect(faultsOf({ ...draftOf(read, "2026-03-04"), low: text }, [])).toEqual(["low"]);
  }
  for (const [text, value] of [
    ["0,125", "0.125"],
    ["4,5", "4.5"],
    ["1250,75", "1250.75"],
    ["150000", "150000"],
    ["1.005", "1.005"],
  ]) {
    expect(resultOf(text ?? "").value).toBe(value);
  }
});

test("what was read and not touched is answered as it was read, with the day of the document", () => {
  expect(answerOf(draftOf(read, "2026-03-04"))).toEqual({
    code: "1742-6",
    label: "Alanine aminotransferase",
    value: "42",
    comparator: "<",
    qualitative: null,
    unit: "U/L",
    low: "0",
    high: "45",
    date: "2026-03-04",
  });
});

test("a word has no unit", () => {
  expect(answerOf({ ...draftOf(read, "2026-03-04"), result: "Negative" })).toMatchObject({
    qualitative: "Negative",
    unit: null,
  });
});

test("a row without a test, a result or a day cannot be confirmed, nor one whose range is no number", () => {
  expect(faultsOf({ ...draftOf(read, null), label: "", result: " ", high: "x" }, [])).toEqual([
    "label",
    "result",
    "high",
    "date",
  ]);
  expect(faultsOf(draftOf(read, "2026-03-04"), [])).toEqual([]);
});

test("a number without a unit is not confirmed before somebody said that the paper gives none", () => {
  const codes = [lab("777-3", "Platelets", [], ["10*3/uL", "/uL"]), lab("6301-6", "INR", [], ["{INR}", "1"])];
  const bare = { ...draftOf(read, "2026-03-04"), code: "777-3", result: "245", unit: " " };
  expect(faultsOf(bare, codes)).toEqual(["unit"]);
  expect(faultsOf(bare, [])).toEqual(["unit"]);
  expect(faultsOf({ ...bare, bare: true }, codes)).toEqual([]);
  expect(faultsOf({ ...bare, unit: "10*3/uL" }, codes)).toEqual([]);
  expect(faultsOf({ ...bare, code: "6301-6", result: "2.3" }, codes)).toEqual([]);
  expect(faultsOf({ ...bare, result: "Negative" }, codes)).toEqual([]);
  expect(faultsOf({ ...bare, code: "" }, codes)).toEqual([]);
});

test("a day that has not come or lies too far back, and a range the wrong way round, are faults of their fields", () => {
  const wordsOf = (change: object) => {
    const draft = { ...draftOf(read, "2026-03-04"), ...change };
    return faultsOf(draft, [], "2026-03-05").map((fault) => [fault, wordOf(fault, draft, "2026-03-05")]);
  };
  expect(wordsOf({ date: "2026-03-05" })).toEqual([]);
  expect(wordsOf({ date: "2026-03-06" })).toEqual([["date", "ahead"]]);
  expect(wordsOf({ date: "1874-12-31" })).toEqual([["date", "farBack"]]);
  expect(wordsOf({ date: "" })).toEqual([["date", "date"]]);
  expect(wordsOf({ low: "45,5", high: "45.0" })).toEqual([["low", "crossed"]]);
  expect(wordsOf({ low: "9", high: "10" })).toEqual([]);
});

test("a unit behind its number goes into its own field, where that says no other", () => {
  const codes = [lab("777-3", "Platelets", [], ["10*3/uL"]), lab("14749-6", "Glucose", [], ["mmol/L", "umol/L"])];
  const draft = { ...draftOf(read, "2026-03-04"), code: "14749-6", unit: "" };
  const made = (change: object) => answerOf(parted({ ...draft, ...change }, codes));
  expect(made({ result: "4.1 mmol/L" })).toMatchObject({ value: "4.1", unit: "mmol/L", qualitative: null });
  expect(made({ result: "< 4,1mmol/l" })).toMatchObject({ value: "4.1", comparator: "<", unit: "mmol/L" });
  expect(made({ result: "4.1 \u00b5mol/L" })).toMatchObject({ value: "4.1", unit: "umol/L" });
  expect(made({ result: "150 \u00d710\u00b3/\u00b5L" })).toMatchObject({ value: "150", unit: "10*3/uL" });
  expect(made({ result: "4.1 mmol/L", unit: "mmol/L" })).toMatchObject({ value: "4.1", unit: "mmol/L" });
  expect(faultsOf(parted({ ...draft, result: "1,250 mmol/L" }, codes), codes)).toEqual(["result"]);
});

test("what begins as a number and goes on in words is words only when somebody says so", () => {
  for (const result of ["12.9 g", "1e5", "\u0665", "4.1 (high)", "1 250 mg/dL"]) {
    const draft = { ...draftOf(read, "2026-03-04"), result };
    expect(faultsOf(parted(draft, []), [])).toEqual(["result"]);
    expect(wordOf("result", draft)).toBe("mixed");
    expect(faultsOf({ ...draft, words: true }, [])).toEqual([]);
    expect(answerOf(parted({ ...draft, words: true }, [])).qualitative).toBe(result);
  }
  for (const result of ["Positive", "not detected", "3+", "1:160", "5-10 /HPF"]) {
    expect(faultsOf({ ...draftOf(read, "2026-03-04"), result }, [])).toEqual([]);
  }
  const printed = { ...read, value: null, comparator: null, qualitative: "2 plus" };
  expect(faultsOf(draftOf(printed, "2026-03-04"), [])).toEqual([]);
});

test("what the server found wrong belongs to the field that shows it", () => {
  const problem = (...paths: string[]) =>
    new Problem(
      422,
      "invalid",
      "",
      paths.map((path) => ({ path, code: "value", text: `about ${path}` })),
    );
  expect(refusedOf(problem("qualitative", "date"))).toEqual({ result: "about qualitative", date: "about date" });
  expect(refusedOf(problem("date", "else"))).toBeUndefined();
  expect(refusedOf(new Error())).toBeUndefined();
});

test("confidence is said in three words", () => {
  expect([0.95, 0.8, 0.3].map((confidence) => confidenceOf({ confidence }))).toEqual(["certain", "check", "doubtful"]);
});

test("the next row that waits comes after this one, and then from the beginning", () => {
  const rows = (["proposed", "confirmed", "skipped", "proposed"] as const).map((state) => ({ state }));
  expect(nextOpen(rows, 0)).toBe(3);
  expect(nextOpen(rows, 3)).toBe(0);
  expect(nextOpen(rows.slice(1, 3), 0)).toBe(-1);
});

test("a test is found by its name, another name, or its code, the exact one first", () => {
  const all = [lab("1", "Alkaline phosphatase", ["ALP"]), lab("2", "Alanine aminotransferase", ["ALT", "SGPT"])];
  expect(searchCodes(all, "sgpt").map((each) => each.code)).toEqual(["2"]);
  expect(searchCodes(all, "al").map((each) => each.code)).toEqual(["1", "2"]);
  expect(searchCodes(all, "2").map((each) => each.code)).toEqual(["2"]);
  expect(searchCodes(all, "glucose")).toEqual([]);
});
