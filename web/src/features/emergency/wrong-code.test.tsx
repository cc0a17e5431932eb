// @vitest-environment happy-dom
import { act } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { linked, shown } from "@/ui/shown";
import { BreakGlassPage } from "./BreakGlassPage";

afterEach(() => vi.unstubAllGlobals());

const REASON = "Unconscious, cannot be asked";

async function type(field: HTMLInputElement | null, text: string) {
  await act(async () => {
    if (!field) throw new Error("no field");
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

it("a wrong share code is said at the code, and the reason stays while it is corrected", async () => {
  const issues = [{ path: "patient", code: "not-found", text: "There is no patient with this code." }];
  vi.stubGlobal("fetch", async () => Response.json({ kind: "unprocessable", issues }, { status: 422 }));
  const { place } = await shown(linked(<BreakGlassPage />), []);
  const click = (element: Element | null | undefined) => act(async () => (element as HTMLElement).click());
  await click(place.querySelector("input[value=code]"));
  const code = () => place.querySelector<HTMLInputElement>("input:not([type=radio])");
  await type(code(), "AAAA1111");
  await click([...place.querySelectorAll("button")].find((each) => each.textContent === REASON));
  await click(place.querySelector("button[type=submit]"));
  await vi.waitFor(() => expect(place.textContent).toContain("There is no patient with this code."));
  const said = document.getElementById(code()?.getAttribute("aria-describedby")?.split(" ")[0] ?? "");
  expect(said?.textContent).toBe("There is no patient with this code.");
  expect(place.querySelector("textarea")?.getAttribute("aria-invalid")).not.toBe("true");

  await type(code(), "");
  await type(code(), "AAAA2222");
  expect(place.textContent).not.toContain("There is no patient with this code.");
  expect(place.querySelector("textarea")?.value).toBe(REASON);
});
