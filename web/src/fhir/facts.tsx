// The readable view of a resource: label and value pairs, most telling first.
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import type { Resource } from "@/api/record";
import { When } from "@/ui/When";
import { PeriodDisplay, ReferenceDisplay } from "./Displays";
import type { Annotation, CodeableConcept, Dosage, Period, Quantity, Range, Reference } from "./types";
import { Whose } from "./Whose";
import { concept, concepts, dosage, quantity, range, sentence, target } from "./words";

export interface FactItem {
  label: string;
  value: ReactNode;
}

export interface Teller {
  t: TFunction;
  locale: string;
  patient: string;
}

type Facts = (FactItem | false | null | undefined | "")[];

const text = (label: string, value: string | undefined): FactItem | "" => (value ? { label, value } : "");
const when = (label: string, value: unknown): FactItem | false =>
  typeof value === "string" && value !== "" && { label, value: <When value={value} /> };
const during = (label: string, value: unknown): FactItem | null => {
  const period = value as Period | undefined;
  return period?.start || period?.end ? { label, value: <PeriodDisplay value={period} /> } : null;
};
/** The record's own patient, whom the entry does not name. */
const isSelf = (value: Reference, patient: string): boolean => {
  const to = target(value);
  return !value.display && to?.type === "Patient" && to.id === patient;
};
const links = (label: string, value: unknown, { patient }: Teller): FactItem | null => {
  const list = (Array.isArray(value) ? value : value ? [value] : []) as Reference[];
  const known = list.filter((each) => each?.reference || each?.display);
  if (known.length === 0) return null;
  return {
    label,
    value: known.map((each, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: references of one element have no other identity and never move.
      <span key={i}>
        {i > 0 && ", "}
        {isSelf(each, patient) ? <Whose patient={patient} /> : <ReferenceDisplay value={each} patient={patient} />}
      </span>
    )),
  };
};
const code = (label: string, value: unknown): FactItem | "" =>
  text(label, concept(value as CodeableConcept | undefined));
const codes = (label: string, value: unknown): FactItem | "" =>
  text(label, concepts(value as CodeableConcept[] | undefined));
const word = (label: string, value: unknown): FactItem | "" =>
  typeof value === "string" ? text(label, sentence(value)) : "";
const notes = (label: string, value: unknown): FactItem | "" =>
  text(
    label,
    ((value as Annotation[] | undefined) ?? [])
      .map((note) => note.text)
      .filter(Boolean)
      .join("\n"),
  );

/** The value of an observation or of one of its components. */
export function observed(value: Record<string, unknown>, locale: string): string {
  if (value.valueQuantity) return quantity(value.valueQuantity as Quantity, locale);
  if (value.valueCodeableConcept) return concept(value.valueCodeableConcept as CodeableConcept);
  if (value.valueRange) return range(value.valueRange as Range, locale);
  for (const key of ["valueString", "valueInteger", "valueDateTime", "valueTime"]) {
    if (value[key] !== undefined) return String(value[key]);
  }
  if (value.valueBoolean !== undefined) return String(value.valueBoolean);
  return value.dataAbsentReason ? concept(value.dataAbsentReason as CodeableConcept) : "";
}

type Tell = (resource: Resource, teller: Teller) => Facts;

const TELL: Record<string, Tell> = {
  Observation: (r, s) => [
    when(s.t("fact.date"), r.effectiveDateTime) || during(s.t("fact.date"), r.effectivePeriod),
    codes(s.t("fact.interpretation"), r.interpretation),
    text(s.t("fact.usualRange"), range((r.referenceRange as Range[] | undefined)?.[0], s.locale)),
    code(s.t("fact.bodySite"), r.bodySite),
    code(s.t("fact.method"), r.method),
    links(s.t("fact.by"), r.performer, s),
    links(s.t("fact.visit"), r.encounter, s),
    word(s.t("fact.status"), r.status),
    notes(s.t("fact.note"), r.note),
  ],
  Condition: (r, s) => [
    code(s.t("fact.state"), r.clinicalStatus),
    code(s.t("fact.certainty"), r.verificationStatus),
    code(s.t("fact.severity"), r.severity),
    when(s.t("fact.since"), r.onsetDateTime) || during(s.t("fact.since"), r.onsetPeriod),
    when(s.t("fact.until"), r.abatementDateTime),
    codes(s.t("fact.bodySite"), r.bodySite),
    codes(s.t("fact.category"), r.category),
    when(s.t("fact.recorded"), r.recordedDate),
    links(s.t("fact.by"), r.asserter ?? r.recorder, s),
    links(s.t("fact.visit"), r.encounter, s),
    notes(s.t("fact.note"), r.note),
  ],
  MedicationRequest: (r, s) => [
    word(s.t("fact.status"), r.status),
    text(
      s.t("fact.dosage"),
      ((r.dosageInstruction as Dosage[] | undefined) ?? [])
        .map((each) => dosage(each, s.locale))
        .filter(Boolean)
        .join("\n"),
    ),
    when(s.t("fact.prescribed"), r.authoredOn),
    links(s.t("fact.by"), r.requester, s),
    codes(s.t("fact.reason"), r.reasonCode),
    links(s.t("fact.reason"), r.reasonReference, s),
    word(s.t("fact.intent"), r.intent),
    links(s.t("fact.visit"), r.encounter, s),
    notes(s.t("fact.note"), r.note),
  ],
  Immunization: (r, s) => [
    when(s.t("fact.date"), r.occurrenceDateTime),
    word(s.t("fact.status"), r.status),
    code(s.t("fact.bodySite"), r.site),
    code(s.t("fact.route"), r.route),
    text(s.t("fact.dose"), quantity(r.doseQuantity as Quantity | undefined, s.locale)),
    text(s.t("fact.lot"), r.lotNumber as string | undefined),
    links(
      s.t("fact.by"),
      ((r.performer as { actor?: Reference }[] | undefined) ?? []).map((each) => each.actor),
      s,
    ),
    links(s.t("fact.place"), r.location, s),
    links(s.t("fact.visit"), r.encounter, s),
    notes(s.t("fact.note"), r.note),
  ],
  AllergyIntolerance: (r, s) => [
    code(s.t("fact.state"), r.clinicalStatus),
    word(s.t("fact.kind"), r.type),
    word(s.t("fact.criticality"), r.criticality),
    text(s.t("fact.category"), ((r.category as string[] | undefined) ?? []).map(sentence).join(", ")),
    text(
      s.t("fact.reaction"),
      ((r.reaction as { manifestation?: CodeableConcept[]; severity?: string }[] | undefined) ?? [])
        .map((each) =>
          [concepts(each.manifestation), each.severity ? `(${sentence(each.severity).toLowerCase()})` : ""]
            .filter(Boolean)
            .join(" "),
        )
        .join("\n"),
    ),
    code(s.t("fact.certainty"), r.verificationStatus),
    when(s.t("fact.since"), r.onsetDateTime),
    when(s.t("fact.recorded"), r.recordedDate),
    notes(s.t("fact.note"), r.note),
  ],
  Procedure: (r, s) => [
    when(s.t("fact.date"), r.performedDateTime) || during(s.t("fact.date"), r.performedPeriod),
    word(s.t("fact.status"), r.status),
    codes(s.t("fact.reason"), r.reasonCode),
    links(s.t("fact.reason"), r.reasonReference, s),
    codes(s.t("fact.bodySite"), r.bodySite),
    code(s.t("fact.outcome"), r.outcome),
    links(
      s.t("fact.by"),
      ((r.performer as { actor?: Reference }[] | undefined) ?? []).map((each) => each.actor),
      s,
    ),
    links(s.t("fact.place"), r.location, s),
    links(s.t("fact.visit"), r.encounter, s),
    notes(s.t("fact.note"), r.note),
  ],
  DiagnosticReport: (r, s) => [
    when(s.t("fact.date"), r.effectiveDateTime) || during(s.t("fact.date"), r.effectivePeriod),
    codes(s.t("fact.category"), r.category),
    word(s.t("fact.status"), r.status),
    links(s.t("fact.by"), r.performer, s),
    text(s.t("fact.conclusion"), r.conclusion as string | undefined),
    codes(s.t("fact.conclusion"), r.conclusionCode),
    links(s.t("fact.visit"), r.encounter, s),
  ],
  DocumentReference: (r, s) => [
    when(s.t("fact.date"), r.date),
    codes(s.t("fact.category"), r.category),
    text(s.t("fact.about"), r.description as string | undefined),
    links(s.t("fact.by"), r.author, s),
    links(s.t("fact.keeper"), r.custodian, s),
    word(s.t("fact.status"), r.docStatus ?? r.status),
  ],
  Encounter: (r, s) => [
    during(s.t("fact.when"), r.period),
    text(s.t("fact.kind"), concepts(r.type as CodeableConcept[] | undefined)),
    codes(s.t("fact.reason"), r.reasonCode),
    links(s.t("fact.place"), r.serviceProvider, s),
    links(
      s.t("fact.by"),
      ((r.participant as { individual?: Reference }[] | undefined) ?? []).map((each) => each.individual),
      s,
    ),
    code(
      s.t("fact.discharge"),
      (r.hospitalization as { dischargeDisposition?: CodeableConcept } | undefined)?.dischargeDisposition,
    ),
    word(s.t("fact.status"), r.status),
  ],
};

/** Facts of a resource that has a view of its own; null for the other types. */
export function tell(resource: Resource, teller: Teller): FactItem[] | null {
  const facts = TELL[resource.resourceType]?.(resource, teller);
  return facts ? facts.filter((fact): fact is FactItem => Boolean(fact)) : null;
}

/** What a resource is called. */
export function titleOf(resource: Resource): string {
  const named = resource as Record<string, unknown>;
  for (const key of ["code", "vaccineCode", "medicationCodeableConcept", "type"]) {
    const value = named[key];
    const title = Array.isArray(value)
      ? concepts(value)
      : typeof value === "object"
        ? concept(value as CodeableConcept)
        : "";
    if (title) return title;
  }
  const other = [
    named.title,
    named.description,
    (named.medicationReference as Reference | undefined)?.display,
    concepts(named.category as CodeableConcept[]),
  ];
  return (
    other.find((value): value is string => typeof value === "string" && value !== "") ?? sentence(resource.resourceType)
  );
}
