import { describe, expect, it } from "vitest";
import { cleared, isNarrowed, moreFilters, readSearch } from "./search";

describe("the address of a timeline", () => {
  it("takes what it knows and leaves out the rest", () => {
    expect(
      readSearch({
        category: ["result", "colour"],
        label: "hiv",
        from: "2024-02-29",
        to: "yesterday",
        abnormal: "true",
        by: "Organization/12",
        q: 4548,
        at: "2019-05",
      }),
    ).toEqual({ category: ["result"], from: "2024-02-29", by: "Organization/12", q: "4548", at: "2019-05" });
    expect(readSearch({ by: "Patient/1", q: "  " })).toEqual({});
  });

  it("knows whether anything is narrowed", () => {
    expect(isNarrowed({ open: true, at: "2019-05" })).toBe(false);
    expect(isNarrowed({ abnormal: true })).toBe(true);
    expect(moreFilters({ from: "2024-01-01", label: ["hiv", "violence"] })).toBe(3);
    expect(cleared({ q: "x", open: true, at: "2019-05" })).toEqual({ open: true });
  });
});
