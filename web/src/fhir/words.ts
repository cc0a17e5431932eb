// Plain words out of FHIR types. Pure; nothing is invented: what is missing gives an empty text.

import { formatNumber, plainUnit, withUnit } from "@/lib/format";
import i18n from "@/lib/i18n";
import type { Address, CodeableConcept, Coding, Dosage, HumanName, Quantity, Range, Reference } from "./types";

/** "inactive" to "Inactive", "entered-in-error" to "Entered in error": a code that has no better name. */
export function sentence(code: string): string {
  const words = code
    .replace(/[-_]/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Terminologies add "(finding)", "[Mass/volume]" and the like for coders; people read around it. */
export function plainTitle(title: string): string {
  return title
    .replace(
      / \((finding|disorder|procedure|situation|regime\/therapy|substance|morphologic abnormality|physical object|qualifier value|person|environment|event)\)$/i,
      "",
    )
    .replace(/ \[[A-Z][\w./# -]*\]/g, "")
    .replace(/ panel with all children optional$/, "");
}

export function concept(value: CodeableConcept | undefined): string {
  if (!value) return "";
  const coding = value.coding?.find((each) => each.display) ?? value.coding?.[0];
  return plainTitle(value.text ?? coding?.display ?? worded(coding));
}

/** The code itself, where nothing else was said: most of FHIR's own are words. */
function worded({ system = "", code = "" }: Coding = {}): string {
  const word = system.startsWith("http://terminology.hl7.org/CodeSystem/") && /^[a-z]+(?:-[a-z]+)*$/.test(code);
  return word ? sentence(code) : code;
}

export const concepts = (values: CodeableConcept[] | undefined): string =>
  (values ?? []).map(concept).filter(Boolean).join(", ");

export function quantity(value: Quantity | undefined, locale: string): string {
  if (value?.value === undefined) return "";
  return withUnit(`${value.comparator ?? ""}${formatNumber(value.value, locale)}`, plainUnit(value.unit ?? value.code));
}

export function range(value: Range | undefined, locale: string): string {
  if (!value) return "";
  if (value.text) return value.text;
  const low = quantity(value.low, locale);
  const high = quantity(value.high, locale);
  if (low && high) return `${low} \u2013 ${high}`;
  return low ? `\u2265 ${low}` : high ? `\u2264 ${high}` : "";
}

export function humanName(names: HumanName[] | undefined): string {
  const name = names?.find((each) => each.use === "official") ?? names?.[0];
  if (!name) return "";
  return name.text ?? [...(name.prefix ?? []), ...(name.given ?? []), name.family].filter(Boolean).join(" ");
}

export function address(value: Address | undefined): string {
  if (!value) return "";
  return (
    value.text ??
    [...(value.line ?? []), [value.postalCode, value.city].filter(Boolean).join(" "), value.state, value.country]
      .filter(Boolean)
      .join(", ")
  );
}

/** The type and id a reference points at, where it points inside this server. */
export function target(reference: Reference | undefined): { type: string; id: string } | null {
  const parts = /^(?:.*\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/.exec(
    reference?.reference ?? "",
  );
  return parts?.[1] && parts[2] ? { type: parts[1], id: parts[2] } : null;
}

const PERIODS = ["h", "d", "wk", "mo"] as const;

/** Dose, how often, which way: in the words the prescription holds, or built from its parts. */
export function dosage(value: Dosage | undefined, locale: string): string {
  if (!value) return "";
  if (value.text) return value.text;
  const dose = value.doseAndRate?.[0];
  const amount = quantity(dose?.doseQuantity, locale) || range(dose?.doseRange, locale);
  const repeat = value.timing?.repeat;
  const unit = PERIODS.find((each) => each === repeat?.periodUnit);
  const often =
    repeat?.frequency && unit
      ? i18n.t(`dosage.${unit}`, { times: repeat.frequency, count: repeat.period ?? 1 })
      : concept(value.timing?.code);
  return [amount, often, concept(value.route), value.asNeededBoolean ? i18n.t("dosage.asNeeded") : ""]
    .filter(Boolean)
    .join(", ");
}

/** Text of a narrative. Parsed in an inert document and read as text, so that nothing in it can run or load. */
export function narrative(div: string | undefined): string {
  if (!div) return "";
  const body = new DOMParser().parseFromString(div, "text/html").body;
  for (const block of body.querySelectorAll("p,div,tr,li,h1,h2,h3,h4,br")) block.append("\n");
  return (body.textContent ?? "")
    .replace(/[ \t]+/g, " ")
    .replace(/\n\s*\n\s*/g, "\n\n")
    .trim();
}

/** Text kept as base64, in UTF-8. */
export function decodeText(data: string): string {
  const raw = atob(data.replace(/\s/g, ""));
  return new TextDecoder().decode(Uint8Array.from(raw, (char) => char.charCodeAt(0)));
}

type Members = Record<string, unknown>;

/** What an entry calls itself, where it says so. */
export function calledBy(entry: Members): string {
  const first = (value: unknown) => (Array.isArray(value) ? value[0] : value) as CodeableConcept | undefined;
  const named = [entry.code, entry.vaccineCode, entry.medicationCodeableConcept, entry.type]
    .map((value) => concept(first(value)))
    .find((text) => text !== "");
  return named ?? (typeof entry.description === "string" ? entry.description : "");
}

const DAYS = [
  "effectiveDateTime",
  "effectivePeriod",
  "performedDateTime",
  "performedPeriod",
  "occurrenceDateTime",
  "period",
  "onsetDateTime",
  "started",
  "authoredOn",
  "recordedDate",
  "date",
  "created",
  "issued",
];

/** The day an entry is of, as it says it. */
export function dayOf(entry: Members): string | undefined {
  for (const member of DAYS) {
    const value = entry[member];
    if (typeof value === "string") return value;
    const start = (value as { start?: unknown } | undefined)?.start;
    if (typeof start === "string") return start;
  }
  return undefined;
}
