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

/** A patient's own entry. `old` is the one that is changed. */
export function entryOf(
  kind: Exclude<OwnKind, "Coverage">,
  patient: string,
  form: EntryForm,
  today: string,
  old?: Resource,
): Resource {
  const note = form.note.trim();
  const notes = note ? [{ text: note }] : undefined;
  const base = { ...old, resourceType: kind };
  switch (kind) {
    case "AllergyIntolerance":
      return clean({
        ...base,
        clinicalStatus: coded("allergyintolerance-clinical", "active"),
        verificationStatus: coded("allergyintolerance-verification", "unconfirmed"),
        code: conceptOf(kind, form.name),
        patient: self(patient),
        asserter: self(patient),
        recordedDate: (old?.recordedDate as string | undefined) ?? today,
        onsetDateTime: form.since || undefined,
        criticality: form.severe ? "high" : undefined,
        reaction: note ? [{ manifestation: [{ text: note }] }] : undefined,
      });
    case "Condition":
      return clean({
        ...base,
        clinicalStatus: coded("condition-clinical", "active"),
        verificationStatus: coded("condition-ver-status", "unconfirmed"),
        code: conceptOf(kind, form.name),
        subject: self(patient),
        asserter: self(patient),
        recordedDate: (old?.recordedDate as string | undefined) ?? today,
        onsetDateTime: form.since || undefined,
        note: notes,
      });
    case "MedicationStatement":
      return clean({
        ...base,
        status: "active",
        medicationCodeableConcept: conceptOf(kind, form.name),
        subject: self(patient),
        informationSource: self(patient),
        dateAsserted: (old?.dateAsserted as string | undefined) ?? today,
        effectivePeriod: form.since ? { start: form.since } : undefined,
        effectiveDateTime: undefined,
        dosage: note ? [{ text: note }] : undefined,
      });
  }
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
  const [reaction] = (item.reaction as { manifestation?: CodeableConcept[] }[] | undefined) ?? [];
  const [dosage] = (item.dosage as { text?: string }[] | undefined) ?? [];
  const [note] = (item.note as { text?: string }[] | undefined) ?? [];
  const period = item.effectivePeriod as { start?: string } | undefined;
  return {
    name: name?.text ?? name?.coding?.[0]?.display ?? "",
    note: reaction?.manifestation?.[0]?.text ?? dosage?.text ?? note?.text ?? "",
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

export const coverageOf = (patient: string, form: InsuranceForm, old?: Resource): Resource =>
  clean({
    ...old,
    resourceType: "Coverage",
    status: "active",
    beneficiary: self(patient),
    payor: [{ display: form.payor.trim() }],
    type: form.plan.trim() ? { text: form.plan.trim() } : undefined,
    subscriberId: form.number.trim() || undefined,
    period: form.until ? { ...(old?.period as object | undefined), end: form.until } : undefined,
  });

export function insuranceOf(item: Resource): InsuranceForm {
  const [payor] = (item.payor as { display?: string }[] | undefined) ?? [];
  return {
    payor: payor?.display ?? "",
    plan: (item.type as CodeableConcept | undefined)?.text ?? "",
    number: (item.subscriberId as string | undefined) ?? "",
    until: ((item.period as { end?: string } | undefined)?.end ?? "").slice(0, 10),
  };
}

/** Without what says nothing: FHIR has no empty members. */
function clean(resource: Resource): Resource {
  return Object.fromEntries(Object.entries(resource).filter(([, value]) => value !== undefined)) as Resource;
}
