import { describe, expect, it } from "vitest";
import { durationFor, endOf, isOver } from "./durations";

const now = new Date(2026, 4, 20, 15, 0);

describe("how long a consent lasts", () => {
  it("counts whole days from now", () => {
    expect(endOf("7", "", now)).toBe(new Date(2026, 4, 27, 15, 0).toISOString());
    expect(endOf("open", "", now)).toBeNull();
  });

  it("includes the chosen day and refuses days that are over", () => {
    expect(endOf("custom", "2026-05-20", now)).toBe(new Date(2026, 4, 20, 23, 59, 59, 999).toISOString());
    expect(endOf("custom", "2026-05-19", now)).toBeUndefined();
    expect(endOf("custom", "", now)).toBeUndefined();
  });

  it("offers just what was asked for, never more and never forever", () => {
    expect(durationFor(7, now)).toEqual({ duration: "7", day: "" });
    expect(durationFor(5, now)).toEqual({ duration: "custom", day: "2026-05-25" });
    expect(durationFor(31, now)).toEqual({ duration: "custom", day: "2026-06-20" });
    expect(durationFor(null, now)).toEqual({ duration: "30", day: "" });
    expect(durationFor(4000, now)).toEqual({ duration: "365", day: "" });
  });

  it("knows a chosen day that is over", () => {
    expect(isOver("custom", "2026-05-19", now)).toBe(true);
    expect(isOver("custom", "2026-05-20", now)).toBe(false);
    expect(isOver("custom", "", now)).toBe(false);
    expect(isOver("7", "2026-05-19", now)).toBe(false);
  });
});
