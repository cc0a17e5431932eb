// @vitest-environment happy-dom
import { act } from "react";
import { afterEach, expect, it, vi } from "vitest";
import type { Summary } from "@/api/types";
import { shown } from "@/ui/shown";
import { EntrySection } from "./EntrySection";
import { noAllergies } from "./resources";

const none = (id: string) => ({ ...noAllergies("p", "2026-11-01"), id, meta: { tag: [{ code: "patient-entered" }] } });

afterEach(() => vi.unstubAllGlobals());

it("whoever adds an allergy no longer has none, however often that was said", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, { method = "GET" }: RequestInit = {}) => {
    asked.push(`${method} ${path}`);
    return new Response(method === "DELETE" ? "" : "{}");
  });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
  const summary = { sections: [] } as unknown as Summary;
  const { place } = await shown(<EntrySection kind="AllergyIntolerance" patient="p" summary={summary} acts />, [
    [
      ["record", "p", "profile", "AllergyIntolerance"],
      [none("one"), none("two")],
    ],
  ]);
  const press = (name: string) =>
    act(async () => {
      const buttons = [...document.querySelectorAll("button")];
      buttons.find((button) => button.textContent === name)?.click();
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
  expect(place.textContent).toContain("No known allergy");
  await press("Add an allergy");
  await act(async () => {
    const field = document.querySelector<HTMLInputElement>('input[type="text"], input:not([type])');
    if (!field) throw new Error("no field");
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, "Allergy to peanut");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await press("Save");
  expect(asked.filter((each) => !each.startsWith("GET"))).toEqual([
    "POST /fhir/AllergyIntolerance",
    "DELETE /fhir/AllergyIntolerance/one",
    "DELETE /fhir/AllergyIntolerance/two",
  ]);
});
