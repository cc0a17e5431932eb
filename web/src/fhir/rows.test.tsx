// @vitest-environment happy-dom
import { afterEach, expect, it } from "vitest";
import type { Resource } from "@/api/record";
import type { Entry } from "@/api/types";
import i18n from "@/lib/i18n";
import { setProfile } from "@/lib/profile";
import { type Answers, shown } from "@/ui/shown";
import { EntryRow } from "./EntryRow";
import { tell } from "./facts";

const entry = {
  type: "MedicationRequest",
  id: "m",
  category: "medicine",
  title: "Sertraline 50 MG Oral Tablet",
  detail: "Take 1 tablet by mouth once daily. \u00b7 for major depressive disorder",
  date: "2024-09-13",
  status: "completed",
} as Entry;

it("the date stands before the words that may be cut", async () => {
  const { place } = await shown(<EntryRow entry={entry} showDate />);
  const text = place.textContent ?? "";
  expect(text.indexOf("2024")).toBeGreaterThan(0);
  expect(text.indexOf("2024")).toBeLessThan(text.indexOf("Take 1 tablet"));
});

const own: Resource = { resourceType: "Observation", performer: [{ reference: "Patient/p" }] };
const by = () => tell(own, { t: i18n.t, locale: "en", patient: "p" })?.find(({ label }) => label === "By")?.value;
const record = (signedIn: string | null): Answers => [
  [["session"], { account: { patient: signedIn } }],
  [["record", "p", "summary"], { patient: { name: "Asha Rao" } }],
];

afterEach(() => setProfile(null));

it("an own reading is by you, and by its patient for others, never by a part of an id", async () => {
  expect((await shown(by(), record("p"))).place.textContent).toBe("You");
  expect((await shown(by(), record(null))).place.textContent).toBe("Asha Rao");
  setProfile({ account: 1, id: "p", name: "Asha Rao" });
  expect((await shown(by(), record("p"))).place.textContent).toBe("Asha Rao");
});
