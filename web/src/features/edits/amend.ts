// What a practitioner changes of an entry that stands: only what they wrote otherwise changes, all else stays as it is. Pure.
import type { Resource } from "@/api/record";
import { MARK } from "@/fhir/digits";
import { type Digits, type FieldPlan, FORMS, type FormPlan, type Values } from "./forms";

const PLANS: Record<string, FormPlan["kind"]> = {
  Condition: "condition",
  MedicationRequest: "medicine",
  AllergyIntolerance: "allergy",
  Procedure: "procedure",
  Observation: "result",
  Immunization: "immunization",
};

/** What a draft may take away: clinical entries. */
const CLINICAL = [
  ...Object.keys(PLANS),
  "MedicationStatement",
  "MedicationAdministration",
  "DiagnosticReport",
  "DocumentReference",
  "CarePlan",
  "Goal",
  "Encounter",
  "FamilyMemberHistory",
  "ServiceRequest",
  "ClinicalImpression",
];

export type Amendment = "correct" | "end" | "remove";

/** Entries that are over, or were an error, do not end again. */
const ENDED = ["stopped", "completed", "cancelled", "entered-in-error", "resolved", "inactive", "remission"];

interface Concept {
  text?: string;
  coding?: { code?: string; display?: string }[];
}

const codeOf = (value: unknown) => (value as Concept | undefined)?.coding?.[0]?.code;
const textOf = (value: unknown) => {
  const concept = value as Concept | undefined;
  return concept?.text ?? concept?.coding?.[0]?.display ?? "";
};

/** What may be proposed of this entry. */
export function amendments(entry: Resource): Amendment[] {
  if (!CLINICAL.includes(entry.resourceType)) return [];
  const state = codeOf(entry.clinicalStatus) ?? String(entry.status ?? "");
  const runs = ["Condition", "MedicationRequest", "MedicationStatement"].includes(entry.resourceType);
  const all: Amendment[] = PLANS[entry.resourceType] ? ["correct"] : [];
  if (runs && !ENDED.includes(state)) all.push("end");
  return [...all, "remove"];
}

/** The members that a field of the form stands for. */
function membersOf(field: string): string[] {
  const members: Record<string, string[]> = {
    what: ["code", "medicationCodeableConcept", "vaccineCode"],
    clinicalStatus: ["clinicalStatus"],
    allergyStatus: ["clinicalStatus"],
    certainty: ["verificationStatus"],
    medicineStatus: ["status"],
    resultStatus: ["status"],
    criticality: ["criticality"],
    onset: ["onsetDateTime"],
    performed: ["performedDateTime"],
    measured: ["effectiveDateTime"],
    given: ["occurrenceDateTime"],
    start: ["authoredOn"],
    dosage: ["dosageInstruction"],
    reaction: ["reaction"],
    lot: ["lotNumber"],
    value: ["valueQuantity"],
    unit: ["valueQuantity"],
    comment: ["note"],
  };
  return members[field] ?? [];
}

interface Quantity {
  value?: string;
  unit?: string;
}

function said(entry: Resource, field: FieldPlan): string {
  const found = membersOf(field.name)
    .map((member) => entry[member])
    .find((member) => member !== undefined);
  switch (field.name) {
    case "value":
      return ((found as Quantity | undefined)?.value ?? "").replace(MARK, "");
    case "unit":
      return (found as Quantity | undefined)?.unit ?? "";
    case "dosage":
      return (found as { text?: string }[] | undefined)?.[0]?.text ?? "";
    case "comment":
      return (found as { text?: string }[] | undefined)?.[0]?.text ?? "";
    case "reaction":
      return textOf((found as { manifestation?: unknown[] }[] | undefined)?.[0]?.manifestation?.[0]);
    case "what":
      return textOf(found);
  }
  if (field.type === "date") return typeof found === "string" ? found.slice(0, 10) : "";
  const text = typeof found === "string" ? found : (codeOf(found) ?? "");
  // A state that the form does not offer stays as it is unless another is chosen.
  return field.options && !field.options.includes(text) ? "" : text;
}

/** Lists of which the form shows one: it would silently drop the others. */
const several = (entry: Resource, field: string) =>
  membersOf(field).some((member) => Array.isArray(entry[member]) && entry[member].length > 1);

/** The form of an entry that stands, and what it says now. Nobody must say what the entry did not. */
export function formOf(entry: Resource): { plan: FormPlan; values: Values } | null {
  const plan = FORMS.find((each) => each.kind === PLANS[entry.resourceType]);
  if (!plan) return null;
  const shown = plan.fields.filter(
    ({ name }) => !several(entry, name) && !((name === "value" || name === "unit") && !entry.valueQuantity),
  );
  const values = Object.fromEntries(shown.map((field) => [field.name, said(entry, field)]));
  const fields = shown.map((field) => ({ ...field, required: field.required && values[field.name] !== "" }));
  return { plan: { ...plan, fields }, values };
}

/** Of `onsetAge` and `onsetDateTime` an entry has one. */
const choices = (member: string) =>
  /^(onset|abatement|performed|effective|occurrence|value|medication)(?=[A-Z])/.exec(member)?.[1];

function put(entry: Resource, member: string, value: unknown): Resource {
  const choice = choices(member);
  const stays = ([name]: [string, unknown]) =>
    name !== member && !(choice && name.startsWith(choice) && /^[A-Z]/.test(name.slice(choice.length)));
  const rest = Object.fromEntries(Object.entries(entry).filter(stays));
  return (value === undefined || value === "" ? rest : { ...rest, [member]: value }) as Resource;
}

/** The narrative said what stood before. */
const untold = ({ text: _, ...rest }: Resource): Resource => rest as Resource;

/** The entry as it shall stand, or null when nothing was written otherwise. Numbers are texts behind a mark, see `digits.ts`. */
export function amended(entry: Resource, before: Values, values: Values, now: Date): Resource | null {
  const form = formOf(entry);
  const trimmed = (all: Values, name: string) => (all[name] ?? "").trim();
  const changed = form?.plan.fields.filter(({ name }) => trimmed(before, name) !== trimmed(values, name)) ?? [];
  if (!form || changed.length === 0) return null;
  const built = form.plan.build(values, "", now) as Record<string, unknown>;
  let fixed = untold(entry);
  for (const { name } of changed) {
    const member = membersOf(name).find((each) => each in built) ?? membersOf(name).find((each) => each in entry);
    if (!member) continue;
    fixed = put(fixed, member, member === "valueQuantity" ? quantity(entry, built[member], name) : built[member]);
  }
  return fixed;
}

/** Another number keeps its unit's code; another unit does not. */
function quantity(entry: Resource, built: unknown, changed: string): object {
  const { code, system, ...rest } = (entry.valueQuantity ?? {}) as Record<string, unknown>;
  const now = built as { value: Digits; unit: string };
  // The unit was put first where both changed, or is the old one: its code goes with it.
  const coded = changed === "value" && rest.unit === now.unit ? { code, system } : {};
  const filled = Object.fromEntries(Object.entries(coded).filter(([, value]) => value !== undefined));
  return { ...rest, ...filled, value: `${MARK}${now.value.text}`, unit: now.unit };
}

/** It goes on no longer, from this day. */
export function ended(entry: Resource, day: string): Resource {
  if (entry.resourceType !== "Condition") return { ...untold(entry), status: "stopped" } as Resource;
  const system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
  const resolved = { ...untold(entry), clinicalStatus: { coding: [{ system, code: "resolved" }] } } as Resource;
  return put(resolved, "abatementDateTime", day);
}
