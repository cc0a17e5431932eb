import { describe, expect, it } from "vitest";
import { FORMS, faults, KINDS, toJson, type Values } from "./forms";

const NOW = new Date("2026-03-01T10:00:00Z");
const FULL: Values = {
  what: " Asthma ",
  dosage: "2 puffs as needed",
  performed: "2026-02-28",
  title: "Visit",
  note: "Feels well \u2013 caf\u00e9",
  value: "5.40",
  unit: "mmol/L",
  measured: "2026-02-28",
  given: "2026-02-28",
  clinicalStatus: "active",
  medicineStatus: "active",
  allergyStatus: "active",
  resultStatus: "final",
  steps: "Walk daily\n\nCome back in May",
};

describe("the forms of a proposed change", () => {
  it("has one for each kind, and each says what is missing", () => {
    expect(FORMS.map((plan) => plan.kind)).toEqual([...KINDS]);
    for (const plan of FORMS) {
      expect(faults(plan, {}, NOW)).toEqual(plan.fields.filter((field) => field.required).map((field) => field.name));
      expect(faults(plan, FULL, NOW)).toEqual([]);
    }
  });

  it("keeps a number's digits, and refuses what is none", () => {
    const plan = FORMS.find((each) => each.kind === "result");
    if (!plan) throw new Error("no form for results");
    expect(toJson(plan.build(FULL, "p", NOW))).toContain('"value":5.40,');
    expect(faults(plan, { ...FULL, value: "5,4" }, NOW)).toEqual(["value"]);
  });

  it("refuses of a day to come what was done, and lets plans and prescriptions begin then", () => {
    const ahead = { onset: "2030-01-01", performed: "2026-03-03", measured: "2030-01-01", given: "2030-01-01" };
    const all = { ...FULL, ...ahead, start: "2030-01-01" };
    const refused = FORMS.flatMap((plan) => faults(plan, all, NOW).map((name) => `${plan.kind}: ${name}`));
    expect(refused).toEqual(["condition: onset", "procedure: performed", "result: measured", "immunization: given"]);
  });

  it("leaves out what was left empty, and speaks of the patient", () => {
    for (const plan of FORMS) {
      const json = toJson(plan.build(FULL, "p1", NOW));
      expect(JSON.parse(json)).toBeTruthy();
      expect(json).toContain('"reference":"Patient/p1"');
      expect(json).not.toContain('""');
    }
  });

  it("says nothing that was not chosen", () => {
    const built = (kind: string) => FORMS.find((plan) => plan.kind === kind)?.build(FULL, "p", NOW);
    expect(built("allergy")).not.toHaveProperty("criticality");
    expect(built("allergy")).not.toHaveProperty("verificationStatus");
    expect(built("condition")).not.toHaveProperty("verificationStatus");
    expect(built("plan")).not.toHaveProperty("period");
    // A state must be said of these, so it must be chosen.
    const none = { ...FULL, clinicalStatus: "", medicineStatus: "", allergyStatus: "", resultStatus: "" };
    expect(FORMS.flatMap((plan) => faults(plan, none, NOW))).toEqual([
      "clinicalStatus",
      "medicineStatus",
      "allergyStatus",
      "resultStatus",
    ]);
  });

  it("keeps a note's letters", () => {
    const plan = FORMS.find((each) => each.kind === "note");
    const json = JSON.parse(toJson(plan?.build(FULL, "p", NOW)));
    const bytes = Uint8Array.from(atob(json.content[0].attachment.data), (c) => c.charCodeAt(0));
    expect(new TextDecoder().decode(bytes)).toBe(FULL.note);
  });
});
