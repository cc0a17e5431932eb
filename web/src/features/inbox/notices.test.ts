import { describe, expect, it } from "vitest";
import { localPath } from "./notices";

describe("where a notice leads", () => {
  it("stays inside the app", () => {
    expect(localPath("/sharing")).toBe("/sharing");
    for (const outside of ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)", null]) {
      expect(localPath(outside)).toBeNull();
    }
  });
});
