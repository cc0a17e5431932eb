import { describe, expect, it } from "vitest";
import type { Resource } from "@/api/record";
import { faultsOf, patientWith, personOf } from "./person";

const patient: Resource = {
  resourceType: "Patient",
  id: "p",
  identifier: [{ value: "1" }],
  name: [
    { use: "maiden", family: "Old" },
    { use: "official", family: "Rao", given: ["Asha", "M"], prefix: ["Ms"], text: "Ms Asha M Rao" },
  ],
  birthDate: "1980-06-15",
  gender: "female",
  telecom: [
    { system: "phone", value: "123", use: "home" },
    { system: "fax", value: "9" },
  ],
  address: [{ line: ["1 Main St", "Flat 2"], city: "Pune", extension: [{ url: "x" }] }],
  communication: [
    { language: { coding: [{ code: "en" }], text: "English" }, preferred: true },
    { language: { coding: [{ code: "hi" }] } },
  ],
};
const name = (tag: string) => tag.toUpperCase();

describe("a person and their form", () => {
  it("changes nothing when nothing was changed", () => {
    expect(patientWith(patient, personOf(patient), name)).toEqual(patient);
  });

  it("changes what was changed and leaves the rest to the letter", () => {
    const form = {
      ...personOf(patient),
      family: "Roe",
      phone: "",
      email: "a@b.example",
      city: "Delhi",
      language: "hi",
    };
    const next = patientWith(patient, form, name);
    expect(next.name).toEqual([
      { use: "maiden", family: "Old" },
      { use: "official", family: "Roe", given: ["Asha", "M"], prefix: ["Ms"] },
    ]);
    expect(next.telecom).toEqual([
      { system: "fax", value: "9" },
      { system: "email", value: "a@b.example" },
    ]);
    expect(next.address).toEqual([{ extension: [{ url: "x" }], line: ["1 Main St", "Flat 2"], city: "Delhi" }]);
    expect(next.communication).toEqual([
      { language: { coding: [{ system: "urn:ietf:bcp:47", code: "hi", display: "HI" }] }, preferred: true },
      { language: { coding: [{ code: "en" }], text: "English" } },
    ]);
    expect(next.identifier).toEqual(patient.identifier);
  });

  it("takes an address away when all of it is taken away", () => {
    const form = { ...personOf(patient), street: "", city: "" };
    expect(patientWith(patient, form, name)).not.toHaveProperty("address");
  });

  it("says at its field what cannot be kept", () => {
    const form = {
      ...personOf(patient),
      given: " ",
      family: "",
      birthDate: "2999-01-01",
      phone: "call me",
      email: "a@b",
    };
    expect(faultsOf(form, "2026-01-01")).toEqual({
      family: "name",
      birthDate: "birth",
      phone: "phone",
      email: "email",
    });
    for (const phone of ["123", "0602 555 0171 ext. 5", "+1 602 555 0171 x12"]) {
      expect(faultsOf({ ...personOf(patient), phone }, "2026-01-01")).toEqual({});
    }
  });
});
