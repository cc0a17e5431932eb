// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AppShell, type Tab } from "./AppShell";
import { linked, shown } from "./shown";

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
});
afterEach(() => vi.unstubAllGlobals());

it("a phone marks More on the pages behind it, and only there", async () => {
  const tabs: Tab[] = [
    { to: "/sharing", label: "Sharing", icon: null },
    { to: "/documents", label: "Documents", icon: null, phone: "more" },
  ];
  const marked = async (at: string) => {
    const shell = (
      <AppShell tabs={tabs} home="/" corner={null} foot={null}>
        {null}
      </AppShell>
    );
    const { place } = await shown(linked(shell, at));
    return place.querySelector("button")?.getAttribute("aria-current");
  };
  expect(await marked("/documents")).toBe("page");
  expect(await marked("/documents/7")).toBe("page");
  expect(await marked("/sharing")).toBeNull();
});
