// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { linked, shown } from "@/ui/shown";
import { WhoHasAccess } from "./WhoHasAccess";

const carer = (more: object) => ({
  id: 1,
  kind: "delegation",
  state: "active",
  mine: false,
  acts: true,
  asker: null,
  categories: null,
  labels: [],
  created: "2026-01-01T10:00:00Z",
  patient: { id: "me", name: "Asha Rao", type: "patient" },
  person: "Ravi Rao",
  reason: null,
  until: null,
  ...more,
});

const home = (delegations: object[]) =>
  shown(linked(<WhoHasAccess />), [
    [["grants"], []],
    [["session"], { account: { id: 1, patient: "me" } }],
    [["family"], delegations],
  ]);

it("who looks after a record stands among those who have access to it", async () => {
  const { place } = await home([carer({})]);
  expect(place.textContent).toContain("Ravi Rao");
  expect(place.textContent).not.toContain("Nobody but you");
});

it("whom one looks after oneself, who has not answered and who looks after a child do not", async () => {
  const others = [
    carer({ mine: true, person: null }),
    carer({ state: "waiting" }),
    carer({ patient: { id: "child", name: "Mia Rao", type: "patient" } }),
  ];
  const { place } = await home(others);
  expect(place.textContent).toContain("Nobody but you can read your record now.");
});
