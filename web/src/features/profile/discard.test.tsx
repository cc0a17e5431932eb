// @vitest-environment happy-dom
import { act } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shown } from "@/ui/shown";
import { EntryDialog } from "./EntryDialog";

const pause = () => new Promise((resolve) => setTimeout(resolve, 300));
const pressEscape = () =>
  act(async () => {
    (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent("keydown", { key: "Escape", bubbles: true }),
    );
    await pause();
  });
const type = (text: string) =>
  act(async () => {
    const field = document.querySelectorAll<HTMLInputElement>('[role="dialog"] input')[1];
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  });
const press = (name: string) =>
  act(async () => {
    [...document.querySelectorAll("button")].find((each) => each.textContent === name)?.click();
    await pause();
  });

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
});
afterEach(() => vi.unstubAllGlobals());

it("Escape asks before what was written is gone, and closes at once what is empty", async () => {
  const onClose = vi.fn();
  await shown(
    <EntryDialog kind="AllergyIntolerance" patient="p" old={undefined} onClose={onClose} onSaved={() => {}} />,
  );
  await pressEscape();
  expect(onClose).toHaveBeenCalledTimes(1);
  await type("Hives");
  await pressEscape();
  expect(onClose).toHaveBeenCalledTimes(1);
  // The question comes with its words, when it is asked for the first time.
  await vi.waitFor(async () => {
    await act(pause);
    expect(document.body.textContent).toContain("Discard what you wrote?");
  }, 4000);
  await pressEscape();
  expect(document.body.textContent).not.toContain("Discard what you wrote?");
  expect(onClose).toHaveBeenCalledTimes(1);
  await pressEscape();
  await press("Discard");
  expect(onClose).toHaveBeenCalledTimes(2);
});
