import { describe, expect, it } from "vitest";
import { durationFor, endOf } from "./durations";

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

  it("offers what was asked for, never less than asked where a choice fits and never forever", () => {
    expect(durationFor(5)).toBe("7");
    expect(durationFor(90)).toBe("365");
    expect(durationFor(null)).toBe("30");
    expect(durationFor(4000)).toBe("30");
  });
});
