// Whether a value is out of the ordinary: the server's rule (crates/records/src/view/value.rs), for the entries that a page
// gets as they came. Both are held to the examples in flags.json beside the server's.
import type { Flag } from "@/api/types";
import type { CodeableConcept, Quantity, Range } from "./types";

// Codes of http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation.
const SAID: Record<string, Flag> = {
  HH: "critical",
  LL: "critical",
  AA: "critical",
  HU: "critical",
  LU: "critical",
  H: "high",
  HX: "high",
  ">": "high",
  L: "low",
  LX: "low",
  "<": "low",
  A: "abnormal",
};

type Element = Record<string, unknown>;

/** Of an Observation or one of its components: as its sender interpreted it, else by the range that came with it. */
export function flagOf(element: Element): Flag | undefined {
  const interpretations = (element.interpretation as CodeableConcept[] | undefined) ?? [];
  const codes = interpretations.flatMap(({ coding = [] }) => coding.flatMap(({ code }) => code ?? []));
  if (codes.length > 0) return codes.map((code) => SAID[code]).find(Boolean);
  const value = element.valueQuantity as Quantity | undefined;
  const range = usualRange(element);
  if (value?.value === undefined || !range) return undefined;
  const limit = (end: Quantity | undefined) =>
    // A limit in another unit says nothing about this number.
    end?.value !== undefined && (unitKey(end) === "" || unitKey(end) === unitKey(value))
      ? Number(end.value)
      : undefined;
  const [low, high] = [limit(range.low), limit(range.high)];
  const number = Number(value.value);
  if (low !== undefined && number < low) return "low";
  return high !== undefined && number > high ? "high" : undefined;
}

/** The same, and of a panel the gravest of its parts. */
export function flagOfWhole(observation: Element): Flag | undefined {
  const parts = (observation.component as Element[] | undefined) ?? [];
  const own = flagOf(observation);
  if (parts.length === 0 || Object.keys(observation).some((name) => name.startsWith("value"))) return own;
  const all = [...parts.map(flagOf), own].filter((flag) => flag !== undefined);
  return all.includes("critical") ? "critical" : all.at(-1);
}

const unitKey = (quantity: Quantity) => quantity.code ?? quantity.unit ?? "";

/** The usual range that the sender gave; none when several could be meant. */
function usualRange(element: Element): Range | undefined {
  const ranges = (element.referenceRange as (Range & { type?: CodeableConcept })[] | undefined) ?? [];
  const normal = ranges.filter(
    ({ type, low, high }) => (low || high) && ["normal", undefined].includes(type?.coding?.[0]?.code),
  );
  return normal.length === 1 ? normal[0] : undefined;
}
