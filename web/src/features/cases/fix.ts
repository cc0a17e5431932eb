// What a doctor makes of an entry that a patient says is wrong: other words, or the mark that it was entered in error.
import type { Resource } from "@/api/record";

const ERROR = "entered-in-error";
const NAMES = ["code", "medicationCodeableConcept", "vaccineCode", "type"] as const;

/** The element in which an entry says what it is, as words; types with several of it are not renamed. */
function named(entry: Resource): (typeof NAMES)[number] | undefined {
  return NAMES.find((name) => {
    const found = entry[name];
    return typeof found === "object" && found !== null && !Array.isArray(found);
  });
}

export const canRename = (entry: Resource): boolean => named(entry) !== undefined;

/** Other words for what it is. The codes and the narrative said what is wrong, so they go. */
export function renamed(entry: Resource, words: string): Resource {
  const name = named(entry);
  if (!name) return entry;
  const { text: _, ...rest } = entry;
  return { ...rest, [name]: { text: words } } as Resource;
}

/** Entered in error, in the way of each type: FHIR wants no clinical status beside it (con-5, ait-2). */
export function withdrawn(entry: Resource): Resource {
  const { text: _, ...rest } = entry;
  if (entry.resourceType === "Condition" || entry.resourceType === "AllergyIntolerance") {
    const { clinicalStatus: __, ...bare } = rest;
    const kind = entry.resourceType === "Condition" ? "condition-ver-status" : "allergyintolerance-verification";
    const system = `http://terminology.hl7.org/CodeSystem/${kind}`;
    return { ...bare, verificationStatus: { coding: [{ system, code: ERROR }] } } as Resource;
  }
  return { ...rest, status: ERROR } as Resource;
}
