import { describe, expect, it } from "vitest";
import { calledBy, concept, dayOf, decodeText, dosage, humanName, quantity, range, sentence, target } from "./words";

describe("words out of FHIR", () => {
  it("prefers the text of a concept and drops the coder's suffix", () => {
    expect(concept({ coding: [{ code: "44054006", display: "Diabetes mellitus type 2 (disorder)" }] })).toBe(
      "Diabetes mellitus type 2",
    );
    expect(concept({ text: "Cholesterol [Mass/volume] in Serum or Plasma" })).toBe("Cholesterol in Serum or Plasma");
    expect(concept({ text: "Blood pressure panel with all children optional" })).toBe("Blood pressure");
    expect(concept({ text: "Sugar", coding: [{ display: "Glucose" }] })).toBe("Sugar");
    expect(concept(undefined)).toBe("");
    const active = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    expect(concept({ coding: [{ system: active, code: "active" }] })).toBe("Active");
    expect(concept({ coding: [{ system: "urn:ietf:bcp:47", code: "en" }] })).toBe("en");
  });

  it("writes quantities with the units people use", () => {
    expect(quantity({ value: 128.4, unit: "mm[Hg]" }, "en")).toBe("128.4\u00a0mmHg");
    expect(quantity({ value: 101.45, unit: "kg" }, "en")).toBe("101.45\u00a0kg");
    expect(quantity({ value: 27.374918273, unit: "kg/m2" }, "en")).toBe("27.37\u00a0kg/m\u00b2");
    expect(quantity({ value: 0.00123456, unit: "g" }, "en")).toBe("0.00123\u00a0g");
    expect(quantity({ value: 6.25, unit: "%", comparator: "<" }, "en")).toBe("<6.25%");
    expect(range({ low: { value: 4, unit: "%" }, high: { value: 5.6, unit: "%" } }, "en")).toBe("4% \u2013 5.6%");
    expect(range({ high: { value: 200, unit: "mg/dL" } }, "en")).toBe("\u2264 200\u00a0mg/dL");
  });

  it("builds a dosage from its parts and never guesses what is missing", () => {
    const parts = {
      doseAndRate: [{ doseQuantity: { value: 1, unit: "tablet" } }],
      timing: { repeat: { frequency: 2, period: 1, periodUnit: "d" } },
    };
    expect(dosage(parts, "en")).toBe("1\u00a0tablet, 2\u00d7 a day");
    expect(dosage({ asNeededBoolean: true }, "en")).toBe("as needed");
  });

  it("knows where a reference points", () => {
    expect(target({ reference: "Observation/abc-1" })).toEqual({ type: "Observation", id: "abc-1" });
    expect(target({ reference: "https://example.org/fhir/Patient/9/_history/2" })).toEqual({
      type: "Patient",
      id: "9",
    });
    expect(target({ reference: "#contained" })).toBeNull();
    expect(target({ reference: "Practitioner?identifier=x|1" })).toBeNull();
  });

  it("reads names, codes and encoded text", () => {
    expect(humanName([{ given: ["Asha", "Devi"], family: "Rivera" }])).toBe("Asha Devi Rivera");
    expect(sentence("entered-in-error")).toBe("Entered in error");
    expect(decodeText("Qmx1dGRydWNrIOKJpSAxMjA=")).toBe("Blutdruck \u2265 120");
  });

  it("says of an entry what it calls itself and when it was", () => {
    const condition = {
      code: { text: "Hay fever (disorder)" },
      onsetDateTime: "2021-05-03",
      recordedDate: "2021-06-01",
    };
    expect([calledBy(condition), dayOf(condition)]).toEqual(["Hay fever", "2021-05-03"]);
    const visit = { type: [{ text: "Check-up" }], period: { start: "2020-01-02T09:00:00Z" } };
    expect([calledBy(visit), dayOf(visit)]).toEqual(["Check-up", "2020-01-02T09:00:00Z"]);
    const scan = { code: {}, description: "X-ray of the hand", started: "2019-02-03" };
    expect([calledBy(scan), dayOf(scan)]).toEqual(["X-ray of the hand", "2019-02-03"]);
    expect([calledBy({}), dayOf({})]).toEqual(["", undefined]);
  });
});
