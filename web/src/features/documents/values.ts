// What was read as a value, and what a person makes of it.
import type { DocumentValue, LabCode, ValueAnswer } from "@/api/types";

/** From here on a value is said to be certain, and below the other it is said to be uncertain. */
const CERTAIN = 0.9;
const DOUBTFUL = 0.7;

export type Confidence = "certain" | "check" | "doubtful";

export const confidenceOf = (value: Pick<DocumentValue, "confidence">): Confidence =>
  value.confidence >= CERTAIN ? "certain" : value.confidence >= DOUBTFUL ? "check" : "doubtful";

/** What the fields of a row hold, as typed. */
export interface Draft {
  code: string;
  label: string;
  result: string;
  unit: string;
  /** Somebody looked: the paper gives no unit. */
  bare: boolean;
  low: string;
  high: string;
  date: string;
}

export function draftOf(value: DocumentValue, date: string | null): Draft {
  return {
    code: value.code ?? "",
    label: value.display || value.label,
    result: value.value === null ? (value.qualitative ?? "") : `${value.comparator ?? ""}${value.value}`,
    unit: value.unit ?? "",
    bare: false,
    low: value.low ?? "",
    high: value.high ?? "",
    date: value.date ?? date ?? "",
  };
}

const NUMBER = /^(<=|>=|<|>|\u2264|\u2265)?\s*([+-]?\d+(?:[.,]\d+)?)$/;
const COMPARATORS: Record<string, string> = { "\u2264": "<=", "\u2265": ">=" };

const DIGITS = /^(?:<=|>=|<|>|\u2264|\u2265)?\s*[+-]?\d[\d.,\s'\u2019]*$/;
const THOUSANDS = /^\D*[1-9]\d{0,2},\d{3}$/;

/** Digits that can be read in two ways, as "150,000" can, or in none. */
export function unclear(text: string): boolean {
  const typed = text.trim();
  return DIGITS.test(typed) && (!NUMBER.test(typed) || THOUSANDS.test(typed));
}

/** A number with what may stand before it, or a word such as "Negative". A comma is a decimal sign where it can be no other. */
export function resultOf(text: string): Pick<ValueAnswer, "value" | "comparator" | "qualitative"> {
  if (unclear(text)) return { value: null, comparator: null, qualitative: null };
  const parts = NUMBER.exec(text.trim());
  if (!parts?.[2]) return { value: null, comparator: null, qualitative: text.trim() || null };
  const sign = parts[1];
  return {
    value: parts[2].replace(",", "."),
    comparator: sign ? (COMPARATORS[sign] ?? sign) : null,
    qualitative: null,
  };
}

const bound = (text: string): string | null => resultOf(text).value;

export function answerOf(draft: Draft): ValueAnswer {
  const result = resultOf(draft.result);
  return {
    code: draft.code || null,
    label: draft.label.trim(),
    ...result,
    unit: result.value === null ? null : draft.unit.trim() || null,
    low: bound(draft.low),
    high: bound(draft.high),
    date: draft.date,
  };
}

export type Fault = "label" | "result" | "unit" | "date" | "low" | "high";

/** Units of what is measured without one. */
const BARE = ["1", "{INR}", "[pH]"];

/** Whether a number of a known test has no unit, which few tests do without: 245 of what? */
const lacksUnit = ({ code, result, unit, bare }: Draft, codes: LabCode[]): boolean =>
  code !== "" &&
  !bare &&
  unit.trim() === "" &&
  resultOf(result).value !== null &&
  !codes.find((each) => each.code === code)?.units.some((each) => BARE.includes(each));

/** What keeps a row from being confirmed. */
export function faultsOf(draft: Draft, codes: LabCode[]): Fault[] {
  const faults: Fault[] = [];
  if (!draft.label.trim()) faults.push("label");
  if (!draft.result.trim() || unclear(draft.result)) faults.push("result");
  if (lacksUnit(draft, codes)) faults.push("unit");
  if (draft.low.trim() && bound(draft.low) === null) faults.push("low");
  if (draft.high.trim() && bound(draft.high) === null) faults.push("high");
  if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.date)) faults.push("date");
  return faults;
}

/** Where the next row is that waits, from one row on; past the end it looks from the beginning. */
export function nextOpen(values: Pick<DocumentValue, "state">[], from: number): number {
  for (let step = 1; step <= values.length; step++) {
    const at = (from + step) % values.length;
    if (values[at]?.state === "proposed") return at;
  }
  return -1;
}

/** The tests whose name, synonym or code has all the words, those that begin with them first. */
export function searchCodes(codes: LabCode[], text: string, most = 8): LabCode[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === "") return codes.slice(0, most);
  const words = wanted.split(/\s+/);
  const rank = (code: LabCode): number => {
    const names = [code.display, ...code.synonyms, code.code].map((name) => name.toLocaleLowerCase());
    if (names.some((name) => name === wanted)) return 0;
    if (names.some((name) => name.startsWith(wanted))) return 1;
    return words.every((word) => names.some((name) => name.includes(word))) ? 2 : 3;
  };
  return codes
    .map((code) => ({ code, rank: rank(code) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map((each) => each.code);
}
