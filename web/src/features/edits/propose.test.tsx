// @vitest-environment happy-dom
import { Link } from "@tanstack/react-router";
import { act } from "react";
import { expect, it, vi } from "vitest";
import { linked, shown } from "@/ui/shown";
import { ProposePage } from "./ProposePage";

it("what was typed stays while another kind is looked at, and leaving asks first", async () => {
  const page = (
    <>
      <ProposePage patient="p" />
      <Link to="/changes">Away</Link>
    </>
  );
  const { place } = await shown(linked(page), [[["edits", "sessions"], []]]);
  const what = () => place.querySelector("form input") as HTMLInputElement;
  const choose = (kind: string) =>
    act(async () => [...place.querySelectorAll("button")].find((each) => each.textContent === kind)?.click());
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(what(), "Asthma");
    what().dispatchEvent(new Event("input", { bubbles: true }));
  });
  await choose("Allergy");
  expect(what().value).toBe("");
  await choose("Condition");
  expect(what().value).toBe("Asthma");
  await act(async () => place.querySelector<HTMLElement>("a[href='/changes']")?.click());
  await vi.waitFor(() => expect(document.body.textContent).toContain("Leave what you wrote?"));
  expect(what().value).toBe("Asthma");
});
