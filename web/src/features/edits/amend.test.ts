import { describe, expect, it } from "vitest";
import type { Resource } from "@/api/record";
import { read, write } from "@/fhir/digits";
import { amended, amendments, ended, formOf } from "./amend";

const NOW = new Date("2026-03-01T10:00:00Z");
const entry = (json: object | string) => read(typeof json === "string" ? json : JSON.stringify(json));

const medicine = entry({
  resourceType: "MedicationRequest",
  id: "m",
  meta: { versionId: "2" },
  text: { div: "old" },
  status: "active",
  intent: "plan",
  medicationCodeableConcept: { coding: [{ code: "860975" }], text: "Metformin 500 mg" },
  requester: { reference: "Practitioner/x" },
  authoredOn: "2026-01-05T10:00:00Z",
  dosageInstruction: [{ text: "1 in the morning", asNeededBoolean: false }],
});

/** What stands after some fields were written otherwise. */
function fixed(of: Resource, more: Record<string, string>) {
  const values = formOf(of)?.values ?? {};
  const now = amended(of, values, { ...values, ...more }, NOW);
  return now && JSON.parse(write(now));
}

describe("a correction of an entry that stands", () => {
  it("changes what was written otherwise and keeps what the form does not know", () => {
    expect(formOf(medicine)?.values).toMatchObject({ what: "Metformin 500 mg", start: "2026-01-05" });
    expect(fixed(medicine, {})).toBeNull();
    const { text: _, ...rest } = medicine;
    expect(fixed(medicine, { dosage: "2 in the morning" })).toEqual({
      ...rest,
      dosageInstruction: [{ text: "2 in the morning" }],
    });
  });

  it("keeps a number's digits, and a unit's code for as long as it is the unit", () => {
    const result = entry(
      '{"resourceType":"Observation","status":"amended","code":{"text":"Potassium"},"effectiveDateTime":"2026-01-05","valueQuantity":{"value":5.40,"unit":"mmol/L","code":"mmol/L","system":"u"}}',
    );
    const form = formOf(result);
    expect(form?.values).toMatchObject({ value: "5.40", unit: "mmol/L", resultStatus: "" });
    const json = (more: object) => {
      const now = form && amended(result, form.values, { ...form.values, ...more }, NOW);
      return now ? write(now) : "";
    };
    expect(json({ what: "Sodium" })).toContain('"value":5.40,"unit":"mmol/L","code":"mmol/L"');
    expect(json({ what: "Sodium" })).toContain('"status":"amended"');
    expect(JSON.parse(json({ value: "4.0" })).valueQuantity).toMatchObject({ value: 4, code: "mmol/L" });
    expect(json({ value: "4.0" })).toContain('"value":4.0');
    expect(JSON.parse(json({ value: "4.0", unit: "mg/dL" })).valueQuantity).toEqual({ value: 4, unit: "mg/dL" });
  });

  it("takes away what was emptied, and of several ways to say when leaves one", () => {
    const condition = entry({
      resourceType: "Condition",
      clinicalStatus: { coding: [{ code: "active" }] },
      code: { text: "Asthma" },
      onsetAge: { value: 12 },
      note: [{ text: "Told" }],
    });
    const now = fixed(condition, { onset: "2020-01-01", comment: "" });
    expect(now).not.toHaveProperty("onsetAge");
    expect(now).not.toHaveProperty("note");
    expect(now.onsetDateTime).toBe("2020-01-01");
    expect(now.clinicalStatus).toEqual({ coding: [{ code: "active" }] });
  });

  it("does not ask for what would drop a second one", () => {
    const two = entry({ resourceType: "Procedure", code: { text: "X" }, note: [{ text: "a" }, { text: "b" }] });
    expect(formOf(two)?.plan.fields.map(({ name }) => name)).not.toContain("comment");
  });
});

describe("an end", () => {
  it("stops a medicine and resolves a condition on its day", () => {
    expect(ended(medicine, "2026-02-01")).toMatchObject({ status: "stopped", intent: "plan" });
    const condition = entry({ resourceType: "Condition", clinicalStatus: {}, abatementString: "soon" });
    const now = ended(condition, "2026-02-01");
    expect(now).toMatchObject({ abatementDateTime: "2026-02-01" });
    expect(now).not.toHaveProperty("abatementString");
    expect(JSON.stringify(now.clinicalStatus)).toContain("resolved");
  });

  it("is offered of what goes on, and removal of every clinical entry", () => {
    expect(amendments(medicine)).toEqual(["correct", "end", "remove"]);
    expect(amendments(ended(medicine, ""))).toEqual(["correct", "remove"]);
    expect(amendments(entry({ resourceType: "Goal" }))).toEqual(["remove"]);
    expect(amendments(entry({ resourceType: "Patient" }))).toEqual([]);
  });
});
