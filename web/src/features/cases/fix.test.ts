import { expect, test } from "vitest";
import type { Resource } from "@/api/record";
import { canRename, renamed, withdrawn } from "./fix";

const entry = (more: object) => ({ id: "a", text: { div: "old" }, ...more }) as unknown as Resource;

test("other words stand without the codes and the narrative that were wrong", () => {
  const condition = entry({ resourceType: "Condition", code: { coding: [{ code: "1" }], text: "Asthma" } });
  expect(canRename(condition)).toBe(true);
  expect(renamed(condition, "No asthma")).toEqual({ id: "a", resourceType: "Condition", code: { text: "No asthma" } });
  const visit = entry({ resourceType: "Encounter", type: [{ text: "Check-up" }] });
  expect(canRename(visit)).toBe(false);
  expect(renamed(visit, "Other")).toBe(visit);
});

test("an entry is marked as entered in error in the way of its type", () => {
  const condition = withdrawn(entry({ resourceType: "Condition", clinicalStatus: {} }));
  expect(condition.clinicalStatus).toBeUndefined();
  expect(JSON.stringify(condition.verificationStatus)).toContain("entered-in-error");
  expect(withdrawn(entry({ resourceType: "Observation", status: "final" })).status).toBe("entered-in-error");
});
