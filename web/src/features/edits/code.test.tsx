// @vitest-environment happy-dom
import { skipToken, useQuery } from "@tanstack/react-query";
import { act } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { shown } from "@/ui/shown";
import { Code } from "./Code";

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

afterEach(() => vi.useRealTimers());

/** The code as a card shows it that reads the list anew. */
function Shown({ until }: { until: string }) {
  const good = useQuery<string>({ queryKey: ["good"], queryFn: skipToken });
  return <Code made={{ code: "12345678", until }} name="Dr. Kim Lee" good={good.data || null} />;
}

it("a code is shown for as long as it is the one that is taken", async () => {
  const until = soon(600_000);
  const { place, say } = await shown(<Shown until={until} />, [[["good"], until]]);
  expect(place.textContent).toContain("1234");
  await say(["good"], soon(700_000));
  expect(place.textContent).toContain("This code is good no more");
  expect(place.textContent).not.toContain("1234");
});

it("a code whose time is over says so by itself", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const until = soon(600_000);
  const { place } = await shown(<Shown until={until} />, [[["good"], until]]);
  expect(place.textContent).toContain("1234");
  await act(async () => {
    vi.advanceTimersByTime(600_000);
  });
  expect(place.textContent).toContain("This code is good no more");
});
