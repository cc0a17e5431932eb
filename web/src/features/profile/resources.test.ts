import { describe, expect, it } from "vitest";
import { CODES, codeOf, offered } from "./codes";
import { squareOf } from "./photo";
import { BLANK, coverageOf, entryOf, formOf, insuranceOf, isCurrent, noAllergies, saysNone } from "./resources";

const form = { ...BLANK, name: "Allergy to latex", note: "Hives", since: "2019-05-01", severe: true };

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
