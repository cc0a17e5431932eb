// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { EmergencyCard } from "@/api/types";
import { ageOn, dropCard, keepCard, keptCards, shownOf } from "./kept";

const line = (text: string, shown: boolean) => ({ reference: `Condition/${text}`, text, shown });
const card = {
  id: "1",
  name: "Asha Rao",
  birthDate: "1980-06-15",
  bloodGroup: "Group A",
  language: "Marathi",
  allergies: [line("Penicillin", true)],
  allergyWarning: "Another entry says something else.",
  conditions: [line("Asthma", true), line("Private", false)],
  medicines: [{ ...line("Salbutamol", true), detail: "2 puffs" }],
  implants: [],
  contacts: [{ name: "Ravi", relationship: "Son", phone: "112", own: true }],
  updated: "2026-01-01T00:00:00Z",
  hidden: ["language", "Condition/Private"],
  note: null,
  link: null,
} as unknown as EmergencyCard;

beforeEach(() => localStorage.clear());

describe("a card on this device", () => {
  it("holds what its owner shows and nothing else", () => {
    const shown = shownOf(card);
    expect(shown.conditions).toEqual(["Asthma"]);
    expect(shown.medicines).toEqual(["Salbutamol \u00b7 2 puffs"]);
    expect(shown.language).toBeNull();
    expect(shown.allergyWarning).toBe("Another entry says something else.");
    expect(shown.contacts).toHaveLength(1);
    expect(shownOf({ ...card, hidden: ["contacts", "bloodGroup"] })).toMatchObject({ contacts: [], bloodGroup: null });
    keepCard(shown);
    expect(localStorage.getItem("healthsync.emergency-cards")).not.toContain("Private");
  });

  it("is there once, and gone when it was removed", () => {
    keepCard(shownOf(card));
    keepCard(shownOf({ ...card, name: "Asha R" }));
    keepCard(shownOf({ ...card, id: "2" }));
    expect(keptCards().map((each) => [each.id, each.name])).toEqual([
      ["1", "Asha R"],
      ["2", "Asha Rao"],
    ]);
    dropCard("1");
    expect(keptCards().map((each) => each.id)).toEqual(["2"]);
    localStorage.setItem("healthsync.emergency-cards", "{");
    expect(keptCards()).toEqual([]);
  });

  it("counts birthdays", () => {
    expect(ageOn("1980-06-15", new Date(2026, 5, 14))).toBe(45);
    expect(ageOn("1980-06-15", new Date(2026, 5, 15))).toBe(46);
    expect(ageOn("1980", new Date())).toBeNull();
    expect(ageOn(null, new Date())).toBeNull();
  });
});
