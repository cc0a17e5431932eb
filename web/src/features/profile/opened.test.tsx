// @vitest-environment happy-dom
import { act, useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import type { Resource } from "@/api/record";
import { shown } from "@/ui/shown";
import { PersonForm } from "./PersonForm";

const person = (versionId: string, given: string): Resource =>
  ({
    resourceType: "Patient",
    id: "p",
    meta: { versionId },
    name: [{ family: "Roe", given: [given] }],
    gender: "female",
    birthDate: "1980-06-15",
  }) as unknown as Resource;

/** As live news renew the record while the form is open. */
function Renewed() {
  const [patient, setPatient] = useState(person("1", "Ann"));
  return (
    <>
      <button type="button" onClick={() => setPatient(person("2", "Anna"))}>
        News
      </button>
      <PersonForm patient={patient} onDone={() => {}} />
    </>
  );
}

afterEach(() => vi.unstubAllGlobals());

it("a form says which version it was opened with, whatever came meanwhile", async () => {
  const sent: { over: string | null; body: string }[] = [];
  vi.stubGlobal("fetch", async (_: string, { method = "GET", headers, body }: RequestInit = {}) => {
    if (method === "PUT") sent.push({ over: new Headers(headers).get("If-Match"), body: String(body) });
    return new Response("{}");
  });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
  await shown(<Renewed />, []);
  for (const name of ["News", "Save"]) {
    await act(async () => {
      [...document.querySelectorAll("button")].find((button) => button.textContent === name)?.click();
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
  }
  expect(sent).toHaveLength(1);
  expect(sent[0]?.over).toBe('W/"1"');
});
