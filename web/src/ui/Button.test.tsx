// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import { shown } from "@/ui/shown";
import { Button } from "./Button";

function doubleClick(place: HTMLElement) {
  const button = place.querySelector("button");
  for (const detail of [1, 2]) {
    button?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail }));
  }
}

it("a double click does once what a button asks of the server", async () => {
  const done = vi.fn();
  const { place } = await shown(
    <Button busy={false} onClick={done}>
      I have no known allergies
    </Button>,
  );
  doubleClick(place);
  expect(done).toHaveBeenCalledTimes(1);
});

it("a button that only shows or hides may be pressed as often as one likes", async () => {
  const done = vi.fn();
  const { place } = await shown(<Button onClick={done}>More</Button>);
  doubleClick(place);
  expect(done).toHaveBeenCalledTimes(2);
});
