import { describe, expect, it } from "vitest";
import { CODES, codeOf, offered } from "./codes";
import { squareOf } from "./photo";
import { BLANK, coverageOf, entryOf, formOf, insuranceOf, isCurrent, noAllergies, saysNone } from "./resources";

const form = { ...BLANK, name: "Allergy to latex", note: "Hives", since: "2019-05-01", severe: true };

const allergy = {
  resourceType: "AllergyIntolerance" as const,
  id: "a",
  clinicalStatus: { coding: [{ code: "active" }] },
  verificationStatus: { coding: [{ code: "confirmed" }] },
  criticality: "low",
  code: { coding: [{ system: "http://snomed.info/sct", code: "91936005" }], text: "Penicillin" },
  patient: { reference: "Patient/p" },
  onsetDateTime: "2019",
  reaction: [
    {
      substance: { text: "Amoxicillin" },
      manifestation: [{ coding: [{ code: "247472004", display: "Hives" }] }, { text: "Itching" }],
      severity: "severe",
    },
    { manifestation: [{ text: "Fever" }] },
  ],
};
const medicine = {
  resourceType: "MedicationStatement" as const,
  id: "m",
  status: "intended",
  medicationCodeableConcept: { coding: [{ code: "A10BA02" }, { code: "6809" }], text: "Metformin 500 mg" },
  subject: { reference: "Patient/p" },
  effectivePeriod: { start: "2020-01-01T08:00:00+02:00", end: "2030-01-01" },
  dosage: [
    { text: "Once a day", route: { text: "oral" }, doseAndRate: [{ doseQuantity: { value: 1 } }] },
    { text: "One more when it is high" },
  ],
};
const condition = {
  resourceType: "Condition" as const,
  id: "c",
  clinicalStatus: { coding: [{ code: "recurrence" }] },
  severity: { text: "mild" },
  code: { coding: [{ code: "M10", display: "Gout" }] },
  subject: { reference: "Patient/p" },
  onsetAge: { value: 40 },
  note: [{ text: "Left foot", time: "2020-01-01" }, { text: "Second note" }],
};
const insurance = {
  resourceType: "Coverage",
  id: "i",
  status: "draft",
  payor: [{ reference: "Organization/1", display: "Old Health" }, { display: "The state" }],
  type: { coding: [{ code: "EHCPOL", display: "Extended healthcare" }] },
  period: { start: "2020-01-01", end: "2026-12-31" },
};

describe("own entries", () => {
  it("carry a code only where the words are those of the list", () => {
    const known = entryOf("AllergyIntolerance", "p", form, "2026-01-01");
    expect(known.code).toEqual({
      coding: [{ system: "http://snomed.info/sct", code: "300916003", display: "Allergy to latex" }],
      text: "Allergy to latex",
    });
    expect(known).toMatchObject({
      criticality: "high",
      recordedDate: "2026-01-01",
      asserter: { reference: "Patient/p" },
    });
    const free = entryOf("MedicationStatement", "p", { ...BLANK, name: "Grandma's tea " }, "2026-01-01");
    expect(free.medicationCodeableConcept).toEqual({ text: "Grandma's tea" });
    expect(free).not.toHaveProperty("effectivePeriod");
  });

  it("come back into the form as they were written", () => {
    for (const kind of ["AllergyIntolerance", "Condition", "MedicationStatement"] as const) {
      const severe = kind === "AllergyIntolerance";
      expect(formOf(entryOf(kind, "p", { ...form, severe }, "2026-01-01"))).toEqual({ ...form, severe });
    }
  });

  it("keep when they were recorded and what the form does not know", () => {
    const old = {
      ...entryOf("Condition", "p", { ...BLANK, name: "Gout" }, "2020-01-01"),
      id: "7",
      severity: { text: "mild" },
    };
    const next = entryOf("Condition", "p", { ...BLANK, name: "Gout", note: "left foot" }, "2026-01-01", old);
    expect(next).toMatchObject({
      id: "7",
      recordedDate: "2020-01-01",
      severity: { text: "mild" },
      note: [{ text: "left foot" }],
    });
  });

  it("that nobody changed in the form are kept to the letter", () => {
    for (const item of [allergy, medicine, condition] as const) {
      expect(entryOf(item.resourceType, "p", formOf(item), "2026-01-01", item)).toEqual(item);
    }
    expect(coverageOf("p", insuranceOf(insurance), insurance)).toEqual(insurance);
  });

  it("change only where the form was changed", () => {
    const worse = entryOf("AllergyIntolerance", "p", { ...formOf(allergy), note: "Swelling" }, "2026-01-01", allergy);
    const [first, second] = allergy.reaction;
    expect(worse).toEqual({
      ...allergy,
      reaction: [{ ...first, manifestation: [{ text: "Swelling" }, first?.manifestation[1]] }, second],
    });
    const other = { ...formOf(medicine), name: "Grandma's tea", since: "2021-05-01" };
    expect(entryOf("MedicationStatement", "p", other, "2026-01-01", medicine)).toEqual({
      ...medicine,
      medicationCodeableConcept: { text: "Grandma's tea" },
      effectivePeriod: { start: "2021-05-01", end: "2030-01-01" },
    });
    const twice = entryOf(
      "MedicationStatement",
      "p",
      { ...formOf(medicine), note: "Twice a day" },
      "2026-01-01",
      medicine,
    );
    expect(twice.dosage).toEqual([{ text: "Twice a day", route: { text: "oral" } }, medicine.dosage[1]]);
    const payor = coverageOf("p", { ...insuranceOf(insurance), payor: "City Health", plan: "", until: "" }, insurance);
    const { type: _, ...rest } = insurance;
    expect(payor).toEqual({
      ...rest,
      payor: [{ display: "City Health" }, insurance.payor[1]],
      period: { start: "2020-01-01" },
    });
  });

  it("lose of a list only the text that was emptied", () => {
    const silent = entryOf("AllergyIntolerance", "p", { ...formOf(allergy), note: "" }, "2026-01-01", allergy);
    const [first, second] = allergy.reaction;
    expect(silent.reaction).toEqual([{ ...first, manifestation: [first?.manifestation[1]] }, second]);
    const calm = entryOf("Condition", "p", { ...formOf(condition), note: "" }, "2026-01-01", condition);
    expect(calm.note).toEqual([{ text: "Second note" }]);
    const plain = entryOf("MedicationStatement", "p", { ...formOf(medicine), note: "" }, "2026-01-01", medicine);
    const { text: _, ...kept } = medicine.dosage[0] ?? {};
    expect(plain.dosage).toEqual([kept, medicine.dosage[1]]);
  });

  it("know that there are none, and what is over", () => {
    expect(saysNone(noAllergies("p", "2026-01-01"))).toBe(true);
    expect(isCurrent(noAllergies("p", "2026-01-01"))).toBe(true);
    expect(isCurrent({ resourceType: "MedicationStatement", status: "stopped" })).toBe(false);
    expect(isCurrent({ resourceType: "Condition", clinicalStatus: { coding: [{ code: "resolved" }] } })).toBe(false);
  });

  it("hold insurance without inventing what was not said", () => {
    const kept = coverageOf("p", { payor: " City Health ", plan: "", number: "A-1", until: "" });
    expect(kept).toEqual({
      resourceType: "Coverage",
      status: "active",
      beneficiary: { reference: "Patient/p" },
      payor: [{ display: "City Health" }],
      subscriberId: "A-1",
    });
    expect(insuranceOf(kept)).toEqual({ payor: "City Health", plan: "", number: "A-1", until: "" });
  });
});

describe("the lists of words", () => {
  it("offer what begins with what is typed, or has that code", () => {
    expect(offered(CODES.Condition, "diab").map(({ code }) => code)).toEqual(["E11", "E10"]);
    expect(offered(CODES.MedicationStatement, "a10ba02").map(({ text }) => text)).toEqual(["Metformin"]);
    expect(offered(CODES.Condition, " ")).toEqual([]);
    expect(codeOf(CODES.Condition, "asthma ")?.code).toBe("J45");
    expect(codeOf(CODES.Condition, "asth")).toBeUndefined();
  });

  it("name each code and each word once", () => {
    for (const list of Object.values(CODES)) {
      expect(new Set(list.map(({ code }) => code)).size).toBe(list.length);
      expect(new Set(list.map(({ text }) => text)).size).toBe(list.length);
    }
  });
});

describe("the part of a picture that is kept", () => {
  it("is a square inside the picture", () => {
    expect(squareOf(400, 200, { zoom: 1, x: 0.5, y: 0.5 })).toEqual({ left: 100, top: 0, side: 200 });
    expect(squareOf(400, 200, { zoom: 2, x: 1, y: 0 })).toEqual({ left: 300, top: 0, side: 100 });
    expect(squareOf(400, 200, { zoom: 9, x: 0, y: 1 })).toEqual({ left: 0, top: 150, side: 50 });
  });
});
