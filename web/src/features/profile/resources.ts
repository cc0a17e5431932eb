// FHIR resources out of what people write, and back. Pure. What a form does not know of a resource stays in it.

import type { OwnKind } from "@/api/profile";
import type { Resource } from "@/api/record";
import type { CodeableConcept } from "@/fhir/types";
import { CODES, codeOf, SYSTEMS } from "./codes";

export interface EntryForm {
  name: string;
  /** What happens, how it is taken, what is to be known. */
  note: string;
  since: string;
  severe: boolean;
}

export const BLANK: EntryForm = { name: "", note: "", since: "", severe: false };

const HL7 = "http://terminology.hl7.org/CodeSystem";
/** No known allergy (situation): SNOMED CT. */
export const NO_KNOWN_ALLERGY = "716186003";

const coded = (system: string, code: string) => ({ coding: [{ system: `${HL7}/${system}`, code }] });

function conceptOf(kind: keyof typeof SYSTEMS, name: string): CodeableConcept {
  const known = codeOf(CODES[kind], name);
  const text = name.trim();
  return known ? { coding: [{ system: SYSTEMS[kind], code: known.code, display: known.text }], text } : { text };
}

const self = (patient: string) => ({ reference: `Patient/${patient}` });

interface Reaction {
  manifestation?: CodeableConcept[];
}
interface Words {
  text?: string;
}
const nameIn = (concept: CodeableConcept | undefined): string | undefined =>
  concept?.text ?? concept?.coding?.[0]?.display;
const reactions = (item: Resource) => (item.reaction as Reaction[] | undefined) ?? [];
const dosages = (item: Resource) => (item.dosage as Words[] | undefined) ?? [];
const notes = (item: Resource) => (item.note as Words[] | undefined) ?? [];
/** FHIR has no empty lists and no empty objects. */
const some = <T extends object>(all: T): T | undefined => (Object.keys(all).length > 0 ? all : undefined);
const happens = (item: Resource) => nameIn(reactions(item)[0]?.manifestation?.[0]);

/** A patient's own entry. `old` is the one that is changed: only what the form says otherwise than before changes in it. */
export function entryOf(
  kind: Exclude<OwnKind, "Coverage">,
  patient: string,
  form: EntryForm,
  today: string,
  old?: Resource,
): Resource {
  const item = old ?? newEntry(kind, patient, today);
  const before = formOf(item);
  const next: Resource = { ...item };
  if (form.name.trim() !== before.name.trim()) {
    if (kind === "MedicationStatement") delete next.medicationReference;
    next[kind === "MedicationStatement" ? "medicationCodeableConcept" : "code"] = conceptOf(kind, form.name);
  }
  if (form.since !== before.since) {
    if (kind === "MedicationStatement") {
      const { start: _, ...kept } = (item.effectivePeriod as { start?: string } | undefined) ?? {};
      next.effectivePeriod = some({ ...(form.since && { start: form.since }), ...kept });
      if (form.since) delete next.effectiveDateTime;
    } else {
      for (const type of ["Age", "Period", "Range", "String"]) if (form.since) delete next[`onset${type}`];
      next.onsetDateTime = form.since || undefined;
    }
  }
  if (form.severe !== before.severe) next.criticality = form.severe ? "high" : undefined;
  if (form.note.trim() !== before.note.trim()) Object.assign(next, noted(kind, item, form.note.trim()));
  return clean(next);
}

function newEntry(kind: Exclude<OwnKind, "Coverage">, patient: string, today: string): Resource {
  switch (kind) {
    case "AllergyIntolerance":
      return {
        resourceType: kind,
        clinicalStatus: coded("allergyintolerance-clinical", "active"),
        verificationStatus: coded("allergyintolerance-verification", "unconfirmed"),
        patient: self(patient),
        asserter: self(patient),
        recordedDate: today,
      };
    case "Condition":
      return {
        resourceType: kind,
        clinicalStatus: coded("condition-clinical", "active"),
        verificationStatus: coded("condition-ver-status", "unconfirmed"),
        subject: self(patient),
        asserter: self(patient),
        recordedDate: today,
      };
    case "MedicationStatement":
      return {
        resourceType: kind,
        status: "active",
        subject: self(patient),
        informationSource: self(patient),
        dateAsserted: today,
      };
  }
}

/** What a text says in numbers and codes; with other words it would say something else. */
const COUNTED = [
  "timing",
  "doseAndRate",
  "asNeededBoolean",
  "asNeededCodeableConcept",
  "maxDosePerPeriod",
  "maxDosePerAdministration",
  "maxDosePerLifetime",
];

/** The member that holds the form's note, with another text: where it was read, or else where such a text belongs. */
function noted(kind: Exclude<OwnKind, "Coverage">, item: Resource, note: string): Partial<Resource> {
  const elsewhere = (kind === "AllergyIntolerance" ? happens(item) : dosages(item)[0]?.text) === undefined;
  if (kind === "Condition" || (elsewhere && notes(item)[0]?.text !== undefined)) {
    const [first, ...rest] = notes(item);
    return { note: some([...(note ? [{ ...first, text: note }] : []), ...rest]) };
  }
  if (kind === "AllergyIntolerance") {
    const [first, ...rest] = reactions(item);
    const manifestation = [...(note ? [{ text: note }] : []), ...(first?.manifestation?.slice(1) ?? [])];
    return { reaction: some([...(manifestation.length > 0 ? [{ ...first, manifestation }] : []), ...rest]) };
  }
  const [first, ...rest] = dosages(item);
  const { text, ...others } = first ?? {};
  const kept = Object.entries(others).filter(([member]) => !(text && note && COUNTED.includes(member)));
  const renewed = some({ ...Object.fromEntries(kept), ...(note && { text: note }) });
  return { dosage: some([...(renewed ? [renewed] : []), ...rest]) };
}

/** "None known" is a statement of its own: an empty list may only mean that nobody asked. */
export const noAllergies = (patient: string, today: string): Resource => ({
  resourceType: "AllergyIntolerance",
  clinicalStatus: coded("allergyintolerance-clinical", "active"),
  verificationStatus: coded("allergyintolerance-verification", "unconfirmed"),
  code: {
    coding: [{ system: SYSTEMS.AllergyIntolerance, code: NO_KNOWN_ALLERGY, display: "No known allergy" }],
    text: "No known allergy",
  },
  patient: self(patient),
  asserter: self(patient),
  recordedDate: today,
});

export const saysNone = (item: Resource): boolean =>
  ((item.code as CodeableConcept | undefined)?.coding ?? []).some(({ code }) => code === NO_KNOWN_ALLERGY);

/** What a form shows of an entry that is there. */
export function formOf(item: Resource): EntryForm {
  const name = (item.code ?? item.medicationCodeableConcept) as CodeableConcept | undefined;
  const elsewhere = item.medicationReference as { display?: string } | undefined;
  const period = item.effectivePeriod as { start?: string } | undefined;
  return {
    name: nameIn(name) ?? elsewhere?.display ?? "",
    note: happens(item) ?? dosages(item)[0]?.text ?? notes(item)[0]?.text ?? "",
    since: ((item.onsetDateTime as string | undefined) ?? period?.start ?? "").slice(0, 10),
    severe: item.criticality === "high",
  };
}

export const enteredByPatient = (item: Resource): boolean =>
  item.meta?.tag?.some((tag) => tag.code === "patient-entered") ?? false;

const OVER = new Set([
  "inactive",
  "resolved",
  "remission",
  "completed",
  "stopped",
  "entered-in-error",
  "cancelled",
  "not-taken",
]);

/** Whether it goes on, as far as it says. */
export function isCurrent(item: Resource): boolean {
  const code = (name: string) => (item[name] as CodeableConcept | undefined)?.coding?.[0]?.code;
  if (["entered-in-error", "refuted"].includes(code("verificationStatus") ?? "")) return false;
  return !OVER.has(code("clinicalStatus") ?? (item.status as string | undefined) ?? "");
}

export interface InsuranceForm {
  payor: string;
  plan: string;
  number: string;
  until: string;
}

export const NO_INSURANCE: InsuranceForm = { payor: "", plan: "", number: "", until: "" };

/** A patient's own insurance; of `old` only what the form says otherwise than before changes. */
export function coverageOf(patient: string, form: InsuranceForm, old?: Resource): Resource {
  const item = old ?? { resourceType: "Coverage", status: "active", beneficiary: self(patient) };
  const before = insuranceOf(item);
  const next: Resource = { ...item };
  const changed = (part: keyof InsuranceForm) => form[part].trim() !== before[part].trim();
  if (changed("payor")) next.payor = [{ display: form.payor.trim() }, ...payors(item).slice(1)];
  if (changed("plan")) next.type = form.plan.trim() ? { text: form.plan.trim() } : undefined;
  if (changed("number")) next.subscriberId = form.number.trim() || undefined;
  if (changed("until")) {
    const { end: _, ...kept } = (item.period as { end?: string } | undefined) ?? {};
    next.period = some({ ...kept, ...(form.until && { end: form.until }) });
  }
  return clean(next);
}

const payors = (item: Resource) => (item.payor as { display?: string }[] | undefined) ?? [];

export function insuranceOf(item: Resource): InsuranceForm {
  return {
    payor: payors(item)[0]?.display ?? "",
    plan: nameIn(item.type as CodeableConcept | undefined) ?? "",
    number: (item.subscriberId as string | undefined) ?? "",
    until: ((item.period as { end?: string } | undefined)?.end ?? "").slice(0, 10),
  };
}

/** Without what says nothing: FHIR has no empty members. */
function clean(resource: Resource): Resource {
  return Object.fromEntries(Object.entries(resource).filter(([, value]) => value !== undefined)) as Resource;
}
