// @vitest-environment happy-dom
import { act } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { document as documentOf, documentText, documentValues, labCodes } from "@/api/documents";
import type { DocumentItem, DocumentValue } from "@/api/types";
import { linked, shown } from "@/ui/shown";
import { ReviewPage } from "./ReviewPage";

const value = (n: number, date: string): DocumentValue => ({
  n,
  state: "proposed",
  page: 1,
  box: null,
  printed: null,
  label: `Test ${n}`,
  code: null,
  display: null,
  value: "42",
  comparator: null,
  qualitative: null,
  unit: "U/L",
  unitPrinted: null,
  low: null,
  high: null,
  flag: null,
  date,
  confidence: 0.97,
  observation: null,
  addedFrom: null,
});

const page = (id: string, dates: string[]) =>
  shown(linked(<ReviewPage patient="p" id={id} />), [
    [documentOf("p", id).queryKey, { id, patient: "p", title: "Paper", picture: false } as unknown as DocumentItem],
    [documentValues("p", id).queryKey, dates.map((date, i) => value(i + 1, date))],
    [documentText("p", id).queryKey, { pages: [] }],
    [labCodes.queryKey, []],
  ]);

const field = (label: string) => {
  const found = [...document.querySelectorAll("label")].find((each) => each.textContent === label);
  return document.getElementById(found?.htmlFor ?? "") as HTMLInputElement;
};
const type = (into: HTMLInputElement, text: string) =>
  act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(into, text);
    into.dispatchEvent(new Event("input", { bubbles: true }));
  });
const press = (name: string) =>
  act(async () => {
    [...document.querySelectorAll("button")].find((each) => each.textContent === name)?.click();
    await new Promise((resolve) => setTimeout(resolve, 50));
  });

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
});
afterEach(() => vi.unstubAllGlobals());

it("what was typed is there again when one comes back", async () => {
  await page("d1", ["2026-03-04"]);
  await type(field("Value"), "43");
  await page("d1", ["2026-03-04"]);
  expect(field("Value").value).toBe("43");
  await page("d2", ["2026-03-04"]);
  expect(field("Value").value).toBe("42");
});

it("what the server finds wrong with a field stands at that field", async () => {
  const answer = { kind: "invalid", detail: "", issues: [{ path: "unit", code: "value", text: "No such unit." }] };
  vi.stubGlobal("fetch", (_: string, { method = "GET" }: RequestInit = {}) =>
    method === "GET" ? new Promise(() => {}) : Promise.resolve(new Response(JSON.stringify(answer), { status: 422 })),
  );
  await page("d3", ["2026-03-04"]);
  await press("Confirm");
  const unit = field("Unit");
  expect(unit.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(unit);
  expect(document.body.textContent).toContain("No such unit.");
  await type(unit, "g/L");
  expect(document.body.textContent).not.toContain("No such unit.");
});

it("the days of the samples are seen before all are confirmed", async () => {
  await page("d4", ["2026-03-04", "2026-03-04"]);
  await press("Confirm all 2 that are certain");
  expect(document.body.textContent).toContain("All samples were taken on Mar 4, 2026");
  await page("d5", ["2026-03-04", "2025-01-02"]);
  await press("Confirm all 2 that are certain");
  const dialog = document.querySelector('[role="dialog"]');
  expect([...(dialog?.querySelectorAll("td time") ?? [])].map((each) => each.textContent)).toEqual([
    "Mar 4, 2026",
    "Jan 2, 2025",
  ]);
});
