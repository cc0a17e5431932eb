// What a practitioner fills in, and the FHIR resource that comes of it. Pure.

export interface FieldPlan {
  name: string;
  type: "text" | "long" | "date" | "number" | "select";
  required?: boolean;
  /** A day on which something was done or began: none that is to come. */
  past?: boolean;
  /** None is chosen beforehand: what nobody chose is not said. */
  options?: readonly string[];
}

export type Values = Record<string, string>;

export interface FormPlan {
  kind: (typeof KINDS)[number];
  fields: readonly FieldPlan[];
  build: (values: Values, patient: string, now: Date) => object;
}

export const KINDS = [
  "condition",
  "medicine",
  "allergy",
  "procedure",
  "note",
  "result",
  "immunization",
  "plan",
] as const;

const concept = (text: string) => ({ text });
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
const terminology = (name: string) => `http://terminology.hl7.org/CodeSystem/${name}`;
export const today = (now: Date) => {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Members that were left empty do not exist. */
function filled(resource: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(resource).filter(([, value]) => value !== undefined && value !== ""));
}

const text = (values: Values, name: string) => values[name]?.trim() ?? "";
/** A code that was chosen; where none was, the entry says nothing of it. */
const chosen = (name: string, code: string | undefined) => (code ? coded(terminology(name), code) : undefined);
const whose = (patient: string) => ({ reference: `Patient/${patient}` });
const notes = (values: Values) => (text(values, "comment") ? [{ text: text(values, "comment") }] : undefined);

/** A number as it was typed, so that 5.40 stays 5.40: JSON.stringify would drop the zero. */
export class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const STATES = ["active", "recurrence", "remission", "resolved"] as const;

const COMMENT: FieldPlan = { name: "comment", type: "long" };

export const FORMS: readonly FormPlan[] = [
  {
    kind: "condition",
    fields: [
      { name: "what", type: "text", required: true },
      { name: "clinicalStatus", type: "select", required: true, options: STATES },
      { name: "certainty", type: "select", options: ["confirmed", "provisional", "unconfirmed"] },
      { name: "onset", type: "date", past: true },
      COMMENT,
    ],
    build: (values, patient) =>
      filled({
        resourceType: "Condition",
        clinicalStatus: chosen("condition-clinical", values.clinicalStatus),
        verificationStatus: chosen("condition-ver-status", values.certainty),
        code: concept(text(values, "what")),
        subject: whose(patient),
        onsetDateTime: values.onset,
        note: notes(values),
      }),
  },
  {
    kind: "medicine",
    fields: [
      { name: "what", type: "text", required: true },
      { name: "dosage", type: "text", required: true },
      {
        name: "medicineStatus",
        type: "select",
        required: true,
        options: ["active", "on-hold", "stopped", "completed"],
      },
      { name: "start", type: "date" },
      COMMENT,
    ],
    build: (values, patient) =>
      filled({
        resourceType: "MedicationRequest",
        status: values.medicineStatus,
        intent: "order",
        medicationCodeableConcept: concept(text(values, "what")),
        subject: whose(patient),
        authoredOn: values.start,
        dosageInstruction: [{ text: text(values, "dosage") }],
        note: notes(values),
      }),
  },
  {
    kind: "allergy",
    fields: [
      { name: "what", type: "text", required: true },
      { name: "reaction", type: "text" },
      { name: "allergyStatus", type: "select", required: true, options: ["active", "inactive", "resolved"] },
      { name: "certainty", type: "select", options: ["confirmed", "unconfirmed"] },
      { name: "criticality", type: "select", options: ["low", "high", "unable-to-assess"] },
      COMMENT,
    ],
    build: (values, patient) =>
      filled({
        resourceType: "AllergyIntolerance",
        clinicalStatus: chosen("allergyintolerance-clinical", values.allergyStatus),
        verificationStatus: chosen("allergyintolerance-verification", values.certainty),
        criticality: values.criticality,
        code: concept(text(values, "what")),
        patient: whose(patient),
        reaction: text(values, "reaction") ? [{ manifestation: [concept(text(values, "reaction"))] }] : undefined,
        note: notes(values),
      }),
  },
  {
    kind: "procedure",
    fields: [
      { name: "what", type: "text", required: true },
      { name: "performed", type: "date", required: true, past: true },
      COMMENT,
    ],
    build: (values, patient) =>
      filled({
        resourceType: "Procedure",
        status: "completed",
        code: concept(text(values, "what")),
        subject: whose(patient),
        performedDateTime: values.performed,
        note: notes(values),
      }),
  },
  {
    kind: "note",
    fields: [
      { name: "title", type: "text", required: true },
      { name: "note", type: "long", required: true },
    ],
    build: (values, patient, now) =>
      filled({
        resourceType: "DocumentReference",
        status: "current",
        // LOINC 11506-3, Progress note.
        type: {
          coding: [{ system: "http://loinc.org", code: "11506-3", display: "Progress note" }],
          text: text(values, "title"),
        },
        subject: whose(patient),
        date: now.toISOString(),
        content: [
          {
            attachment: {
              contentType: "text/plain; charset=utf-8",
              data: base64(text(values, "note")),
              title: text(values, "title"),
            },
          },
        ],
      }),
  },
  {
    kind: "result",
    fields: [
      { name: "what", type: "text", required: true },
      { name: "value", type: "number", required: true },
      { name: "unit", type: "text", required: true },
      { name: "measured", type: "date", required: true, past: true },
      { name: "resultStatus", type: "select", required: true, options: ["final", "preliminary"] },
      COMMENT,
    ],
    build: (values, patient) =>
      filled({
        resourceType: "Observation",
        status: values.resultStatus,
        category: [coded(terminology("observation-category"), "laboratory")],
        code: concept(text(values, "what")),
        subject: whose(patient),
        effectiveDateTime: values.measured,
        valueQuantity: { value: new Digits(text(values, "value")), unit: text(values, "unit") },
        note: notes(values),
      }),
  },
  {
    kind: "immunization",
    fields: [
      { name: "what", type: "text", required: true },
      { name: "given", type: "date", required: true, past: true },
      { name: "lot", type: "text" },
      COMMENT,
    ],
    build: (values, patient) =>
      filled({
        resourceType: "Immunization",
        status: "completed",
        vaccineCode: concept(text(values, "what")),
        patient: whose(patient),
        occurrenceDateTime: values.given,
        lotNumber: text(values, "lot"),
        note: notes(values),
      }),
  },
  {
    kind: "plan",
    fields: [
      { name: "title", type: "text", required: true },
      { name: "steps", type: "long", required: true },
      { name: "start", type: "date" },
    ],
    build: (values, patient, now) =>
      filled({
        resourceType: "CarePlan",
        status: "active",
        intent: "plan",
        title: text(values, "title"),
        subject: whose(patient),
        period: values.start ? { start: values.start } : undefined,
        created: today(now),
        activity: text(values, "steps")
          .split("\n")
          .map((step) => step.trim())
          .filter(Boolean)
          .map((step) => ({ detail: { status: "not-started", description: step } })),
      }),
  },
];

const NUMBER = /^-?\d+(\.\d+)?$/;

/** The names of fields that are missing, cannot be read, or say of a day to come that something was. */
export function faults(plan: FormPlan, values: Values, now: Date): string[] {
  return plan.fields
    .filter((field) => {
      const value = text(values, field.name);
      if (value === "") return field.required === true;
      if (field.past && value > today(now)) return true;
      return field.type === "number" && !NUMBER.test(value);
    })
    .map((field) => field.name);
}

/** JSON in which numbers keep the digits they were typed with. */
export function toJson(value: unknown): string {
  if (value instanceof Digits) return value.text;
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
