// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { shown } from "@/ui/shown";
import { CardView } from "./CardView";
import type { ShownCard } from "./kept";

it("an emergency card says a birthday as it says its other dates", async () => {
  const card: ShownCard = {
    id: "1",
    name: "Asha Rao",
    birthDate: "1947-06-20",
    bloodGroup: null,
    language: null,
    note: null,
    allergies: [],
    allergyWarning: null,
    conditions: [],
    medicines: [],
    implants: [],
    contacts: [],
    address: null,
    updated: "2026-11-23T10:00:00Z",
  };
  const { place } = await shown(<CardView card={card} />);
  expect(place.textContent).toContain("Born Jun 20, 1947");
  expect(place.textContent).not.toContain("1947-06-20");
});
