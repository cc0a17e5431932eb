// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { linked, shown } from "@/ui/shown";
import { WizardPage } from "./WizardPage";

const request = (state: "open" | "granted" | "declined") => ({
  id: 7,
  state,
  from: { id: "d", name: "Dr. Helen Olsen", type: "practitioner", detail: null },
  reason: "Your knee",
  categories: null,
  days: 30,
  created: "2026-11-01T10:00:00Z",
});

const wizard = () => linked(<WizardPage request="7" step="what" />);

it("an open answer to a request says so when the request is answered elsewhere", async () => {
  const { place, say } = await shown(wizard(), [[["requests"], [request("open")]]]);
  expect(place.textContent).toContain("What may Dr. Helen Olsen see?");
  await say(["requests"], [request("declined")]);
  expect(place.textContent).toContain("This request has been answered");
  expect(place.textContent).toContain("Declined");
  expect(place.textContent).not.toContain("Who may read your record?");
});

it("a request that was answered long ago opens no empty form either", async () => {
  const { place } = await shown(wizard(), [[["requests"], [request("granted")]]]);
  expect(place.textContent).toContain("This request has been answered");
  expect(place.textContent).not.toContain("Who may read your record?");
});
