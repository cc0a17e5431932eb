// What was read as a value, and what a person makes of it.
import { Problem } from "@/api/client";
import type { DocumentValue, LabCode, ValueAnswer } from "@/api/types";
import { isoDay } from "@/lib/dates";
import { plainUnit } from "@/lib/format";

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
  /** What looks like a number is words all the same: it was read as such, or somebody said so. */
  words: boolean;
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
    words: value.value === null && value.qualitative !== null,
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

const MEASURED = /^((?:<=|>=|<|>|\u2264|\u2265)?\s*[+-]?\d[\d.,\s'\u2019]*?)\s*([\p{L}%\u2030/[{(*\u00b0\u00d7].*)$/u;
/** Digits of other scripts, which are no number to a program. */
const OTHER_DIGITS = /(?![0-9])\p{Nd}/u;

/** Whether it begins as a number does and goes on in words, as "12.9 g" and "1e5" do: it would be in no chart. */
export const mixed = (text: string): boolean => MEASURED.test(text.trim()) || OTHER_DIGITS.test(text);

const sameUnit = (a: string, b: string): boolean => {
  const plain = (text: string) =>
    text
      .replace(/[\u00b5\u03bc]/g, "u")
      .replace(/\s+/g, "")
      .toLowerCase();
  return [a, plainUnit(a)].some((each) => plain(each) === plain(b));
};

/** A unit that was typed behind its number goes into the field of the unit, unless that says another. */
export function parted(draft: Draft, codes: LabCode[]): Draft {
  const [, result, rest] = MEASURED.exec(draft.result.trim()) ?? [];
  if (!result || !rest || draft.words) return draft;
  if (draft.unit.trim()) return sameUnit(draft.unit.trim(), rest) ? { ...draft, result, words: false } : draft;
  const own = codes.find((each) => each.code === draft.code)?.units ?? [];
  const unit = [...own, ...codes.flatMap((each) => each.units ?? [])].find((each) => sameUnit(each, rest));
  return unit ? { ...draft, result, unit, words: false, bare: false } : draft;
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

const EARLIEST = "1875-01-01";

/** Numbers that stand the wrong way round. */
const crossed = ({ low, high }: Draft): boolean => {
  const [from, to] = [bound(low), bound(high)];
  return from !== null && to !== null && Number(from) > Number(to);
};

/** What keeps a row from being confirmed. */
export function faultsOf(draft: Draft, codes: LabCode[], today = isoDay(new Date())): Fault[] {
  const faults: Fault[] = [];
  if (!draft.label.trim()) faults.push("label");
  if (!draft.result.trim() || unclear(draft.result) || (mixed(draft.result) && !draft.words)) faults.push("result");
  if (lacksUnit(draft, codes)) faults.push("unit");
  if ((draft.low.trim() && bound(draft.low) === null) || crossed(draft)) faults.push("low");
  if (draft.high.trim() && bound(draft.high) === null) faults.push("high");
  if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.date) || draft.date > today || draft.date < EARLIEST) faults.push("date");
  return faults;
}

/** Which words say what is wrong with a field that has a fault. */
export function wordOf(fault: Fault, draft: Draft, today = isoDay(new Date())) {
  if (unclear(draft[fault])) return "unclear";
  if (fault === "result" && mixed(draft.result)) return "mixed";
  if (fault === "low" && crossed(draft)) return "crossed";
  if (fault === "date" && draft.date > today) return "ahead";
  if (fault === "date" && draft.date) return "farBack";
  return fault;
}

/** What the server calls the fields of a row. */
const FIELDS: Record<string, Fault> = {
  code: "label",
  label: "label",
  value: "result",
  comparator: "result",
  qualitative: "result",
  unit: "unit",
  low: "low",
  high: "high",
  date: "date",
};

/** What the server found wrong with fields that a row shows, in its words; nothing when it is about something else. */
export function refusedOf(error: unknown): Partial<Record<Fault, string>> | undefined {
  const issues = error instanceof Problem ? error.issues : [];
  const found = issues.flatMap(({ path, text }) => (FIELDS[path] ? [[FIELDS[path], text] as const] : []));
  return found.length > 0 && found.length === issues.length ? Object.fromEntries(found) : undefined;
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
