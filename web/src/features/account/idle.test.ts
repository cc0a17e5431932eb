import { describe, expect, it } from "vitest";
import { idleState } from "./idle";

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
});
