import { describe, expect, it } from "vitest";
import { endsSoon, idleState } from "./idle";

describe("an idle session", () => {
  it("is active, then warns, then is over", () => {
    expect(idleState(0, 60_000, 900).phase).toBe("active");
    expect(idleState(0, 780_000, 900)).toEqual({ phase: "warning", secondsLeft: 120 });
    expect(idleState(0, 900_000, 900).phase).toBe("over");
  });

  it("warns later when the whole time is short", () => {
    expect(idleState(0, 30_000, 60).phase).toBe("active");
    expect(idleState(0, 41_000, 60).phase).toBe("warning");
  });

  it("ends after some hours however busy it is, and says so ten minutes before", () => {
    const end = "2026-11-21T12:00:00.000Z";
    expect(endsSoon(end, Date.parse("2026-11-21T11:49:59.000Z"))).toBe(false);
    expect(endsSoon(end, Date.parse("2026-11-21T11:50:00.000Z"))).toBe(true);
  });
});
