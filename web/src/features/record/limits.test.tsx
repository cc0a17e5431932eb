// @vitest-environment happy-dom
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";
import { series } from "@/api/record";
import { shown } from "@/ui/shown";
import { SeriesChart } from "./SeriesChart";

vi.mock("@tanstack/react-router", async (original) => ({
  ...(await original<object>()),
  Link: ({ children }: { children: ReactNode }) => <span>{children}</span>,
}));

const TIME = Date.UTC(2026, 2, 4);
const tsh = (points: [number, number, string][]) => ({
  code: "3016-3",
  display: "Thyrotropin",
  unit: "mIU/L",
  reference: null,
  points,
  limits: [{ time: TIME, comparator: ">", number: 100, id: "b" }],
  byPatient: ["b"],
});

it("shows a limit as one, in the table and not among the numbers", async () => {
  const chart = <SeriesChart patient="p" code="3016-3" />;
  const answer = (points: [number, number, string][]) =>
    shown(chart, [
      [["session"], { account: { patient: "p" } }],
      [series("p", "3016-3").queryKey, tsh(points)],
    ]);
  const alone = (await answer([])).place.textContent?.replace(/\s/g, " ") ?? "";
  expect(alone).toContain("One reading says only a limit, such as > 100 mIU/L");
  expect(alone).toContain("> 100 mIU/LAdded by you");
  expect(alone).not.toContain("No readings");
  const beside = (await answer([[TIME - 86_400_000, 4.2, "a"]])).place.textContent?.replace(/\s/g, " ") ?? "";
  expect(beside).toContain("One reading: 4.2 mIU/L");
  expect(beside).toContain("One reading says only a limit");
});
