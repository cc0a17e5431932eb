import type { Entry } from "@/api/types";
import { sentence } from "./words";

/** What is usual for an entry goes without saying. */
const USUAL = new Set(["final", "completed", "active", "finished", "current", "registered", "amended", "corrected"]);

/** What goes on until it ends: of these, "completed" does not say that all went well, but that it is over. */
const GOES_ON = new Set([
  "MedicationRequest",
  "MedicationStatement",
  "CarePlan",
  "Goal",
  "ServiceRequest",
  "DeviceRequest",
  "DeviceUseStatement",
  "NutritionOrder",
  "EpisodeOfCare",
]);
const OVER = new Set(["completed", "finished"]);

/** The status of an entry in a word, where it is out of the ordinary; otherwise nothing. */
export function standing({ type, status }: Pick<Entry, "type" | "status">): string {
  if (!status) return "";
  const usual = USUAL.has(status) && !(GOES_ON.has(type) && OVER.has(status));
  return usual ? "" : sentence(status);
}
