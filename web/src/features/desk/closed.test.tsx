// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { setProfile } from "@/lib/profile";
import { linked, shown } from "@/ui/shown";
import { DeskPage } from "./DeskPage";

afterEach(() => setProfile(null));

const held = (terms: object) => ({
  id: 3,
  kind: "delegation",
  patient: { id: "p", name: "Ingrid Sol" },
  mine: true,
  acts: true,
  categories: null,
  labels: ["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"],
  state: "active",
  ...terms,
});

async function desk(terms: object) {
  setProfile({ account: 1, id: "p", name: "Ingrid Sol" });
  const { place } = await shown(linked(<DeskPage side="patient" />), [[["family"], [held(terms)]]]);
  return place;
}

it("whoever gives nobody all of a record is told so at the desk before they show a code", async () => {
  const part = await desk({ categories: ["vital"] });
  await vi.waitFor(() => expect(part.textContent).toContain("At the desk all of this record is given"));
  expect(part.textContent).not.toContain("Show a code");
  const looks = await desk({ acts: false });
  expect(looks.textContent).toContain("You may only look");
  expect(looks.textContent).not.toContain("Show a code");
});

it("whoever acts in all of a record shows a code", async () => {
  expect((await desk({})).textContent).toContain("Show a code");
});
