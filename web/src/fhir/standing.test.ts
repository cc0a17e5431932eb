import { describe, expect, it } from "vitest";
import { standing } from "./standing";

describe("the status of an entry in a word", () => {
  it("says that a course of treatment, a plan or a goal is over", () => {
    for (const type of ["MedicationRequest", "MedicationStatement", "CarePlan", "Goal", "ServiceRequest"]) {
      expect(standing({ type, status: "completed" })).toBe("Completed");
      expect(standing({ type, status: "active" })).toBe("");
    }
    expect(standing({ type: "EpisodeOfCare", status: "finished" })).toBe("Finished");
    expect(standing({ type: "MedicationRequest", status: "stopped" })).toBe("Stopped");
  });

  it("says nothing of what has been done and is as it should be", () => {
    for (const type of ["Procedure", "Immunization", "QuestionnaireResponse"]) {
      expect(standing({ type, status: "completed" })).toBe("");
    }
    expect(standing({ type: "Encounter", status: "finished" })).toBe("");
    expect(standing({ type: "Observation", status: "final" })).toBe("");
    expect(standing({ type: "Observation" })).toBe("");
    expect(standing({ type: "Procedure", status: "not-done" })).toBe("Not done");
  });
});
