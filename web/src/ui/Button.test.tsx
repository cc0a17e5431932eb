// @vitest-environment happy-dom
import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, expect, it, vi } from "vitest";
import { Button } from "./Button";

const click = (detail: number) => new MouseEvent("click", { bubbles: true, cancelable: true, detail });

async function shown(button: ReactNode): Promise<HTMLButtonElement> {
  const place = document.body.appendChild(document.createElement("div"));
  await act(async () => createRoot(place).render(button));
  const found = place.querySelector("button");
  if (!found) throw new Error("no button");
  return found;
}

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  document.body.replaceChildren();
});

it("a double click does once what a button asks of the server", async () => {
  const done = vi.fn();
  const button = await shown(
    <Button busy={false} onClick={done}>
      I have no known allergies
    </Button>,
  );
  button.dispatchEvent(click(1));
  button.dispatchEvent(click(2));
  expect(done).toHaveBeenCalledTimes(1);
});

it("a button that only shows or hides may be pressed as often as one likes", async () => {
  const done = vi.fn();
  const button = await shown(<Button onClick={done}>More</Button>);
  button.dispatchEvent(click(1));
  button.dispatchEvent(click(2));
  expect(done).toHaveBeenCalledTimes(2);
});
