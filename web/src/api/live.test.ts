import { describe, expect, it } from "vitest";
import { keysFor } from "./live";

describe("what a topic makes the app read again", () => {
  it("reads one record, or every open one", () => {
    expect(keysFor("record:p1")).toEqual([["record", "p1"]]);
    expect(keysFor("record:*")).toEqual([["record"]]);
  });

  it("asks for open records again when a consent changed, so that a revoked one closes at once", () => {
    expect(keysFor("grants")).toContainEqual(["record"]);
    expect(keysFor("patients")).toContainEqual(["record"]);
  });

  it("does nothing for a topic it does not know", () => {
    expect(keysFor("weather")).toEqual([]);
  });
});
