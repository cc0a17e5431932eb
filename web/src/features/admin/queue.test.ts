import { expect, it } from "vitest";
import { beginsWith } from "./queue";

const by = (mine: boolean) => ({ checks: [{ mine, name: "Robin Ames", time: "2026-11-22T10:00:00Z" }] });

it("begins where somebody waits for this administrator", () => {
  expect(beginsWith([], [])).toBe("waiting");
  expect(beginsWith([], [by(false)])).toBe("checked");
  expect(beginsWith([], [by(true), by(false)])).toBe("checked");
  expect(beginsWith([{ checks: [] }], [by(false)])).toBe("waiting");
});

it("does not begin at those whom one has checked oneself", () => {
  expect(beginsWith([], [by(true)])).toBe("waiting");
});
