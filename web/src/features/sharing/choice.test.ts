import { describe, expect, it } from "vitest";
import { type Choice, emptyChoice, fromRequest, toDraft } from "./choice";

const now = new Date("2026-05-20T10:00:00Z");
const doctor = { type: "practitioner" as const, id: "p1", name: "Dr. River", detail: null };
const chosen: Choice = { ...emptyChoice, who: doctor };

describe("a consent from choices", () => {
  it("leaves sensitive areas out and ends by itself unless the patient says otherwise", () => {
    expect(toDraft(chosen, now)).toEqual({
      grantee: { type: "practitioner", id: "p1" },
      categories: null,
      from: null,
      to: null,
      labels: [],
      sealed: [],
      purpose: "treatment",
      until: "2026-06-19T10:00:00.000Z",
      note: null,
    });
  });

  it("is not made while someone, something or an end is missing, or while the period runs backwards", () => {
    expect(toDraft(emptyChoice, now)).toBeNull();
    expect(toDraft({ ...chosen, everything: false }, now)).toBeNull();
    expect(toDraft({ ...chosen, duration: "custom", day: "" }, now)).toBeNull();
    expect(toDraft({ ...chosen, from: "2026-02-01", to: "2026-01-01" }, now)).toBeNull();
  });

  it("starts from what was asked for and answers that request", () => {
    const request = {
      id: 7,
      from: doctor,
      reason: "",
      categories: ["result" as const],
      days: 7,
      created: "",
      state: "open" as const,
    };
    expect(toDraft(fromRequest(request, now), now)).toMatchObject({
      request: 7,
      categories: ["result"],
      until: "2026-05-27T10:00:00.000Z",
    });
  });
});
