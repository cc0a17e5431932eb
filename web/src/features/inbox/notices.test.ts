import { describe, expect, it } from "vitest";
import { localPath, renewalIn } from "./notices";

describe("where a notice leads", () => {
  it("stays inside the app", () => {
    expect(localPath("/sharing")).toBe("/sharing");
    for (const outside of ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)", null]) {
      expect(localPath(outside)).toBeNull();
    }
  });
});

it("a notice that access ends says which grant to renew, or to ask for", () => {
  expect(renewalIn("/sharing?renew=12")).toEqual({ act: "renew", grant: 12 });
  expect(renewalIn("/record/abc-1?ask=7")).toEqual({ act: "ask", grant: 7 });
  for (const other of [null, "/sharing", "/sharing?renew=", "//evil.example/sharing?renew=1"]) {
    expect(renewalIn(other)).toBeNull();
  }
});
