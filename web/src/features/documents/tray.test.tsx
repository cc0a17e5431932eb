// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { documents } from "@/api/documents";
import { linked, shown } from "@/ui/shown";
import Tray from "./Tray";

const done = [{ id: 1, patient: "p", name: "a.pdf", file: new Blob(["a"]), sent: 1, state: "done", document: "d" }];
vi.mock("./uploads", async (original) => ({
  ...(await original<typeof import("./uploads")>()),
  uploads: () => done,
}));

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
});
afterEach(() => vi.unstubAllGlobals());

it("a file that is there twice is said to be, however the list is narrowed", async () => {
  const page = (items: object[]) => ({ pages: [{ items, next: null }], pageParams: [null] });
  const { place } = await shown(linked(<Tray patient="p" />), [
    [documents("p", {}).queryKey, page([{ id: "d", sameAs: "other" }])],
    [documents("p", { q: "zzz" }).queryKey, page([])],
  ]);
  expect(place.textContent).toContain("See the other");
});
