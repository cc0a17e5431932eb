import { queryOptions } from "@tanstack/react-query";
import { get, post, putOver, remove } from "./client";
import type { Bundle, Resource } from "./record";

/** What patients add to their own record themselves. */
export type OwnKind = "AllergyIntolerance" | "Condition" | "MedicationStatement" | "Coverage";

/** Entries of one type, newest first, clinical ones too. */
export const entriesOf = (patient: string, kind: OwnKind) =>
  queryOptions({
    queryKey: ["record", patient, "profile", kind],
    queryFn: async ({ signal }) => {
      const query = { patient, _count: 200 };
      const bundle = await get<Bundle>(`/fhir/${kind}`, query, signal);
      return (bundle.entry ?? []).flatMap((entry) => entry.resource ?? []);
    },
  });

export const person = (patient: string) =>
  queryOptions({
    queryKey: ["record", patient, "resource", "Patient", patient],
    queryFn: ({ signal }) => get<Resource>(`/fhir/Patient/${encodeURIComponent(patient)}`, {}, signal),
  });

const at = ({ resourceType, id }: Resource) => `/fhir/${resourceType}/${encodeURIComponent(id ?? "")}`;

export const addEntry = (resource: Resource) => post<Resource>(`/fhir/${resource.resourceType}`, resource);

/** Writes over the version that was read, so that nobody's change is lost. */
export const changeEntry = (resource: Resource) => putOver<Resource>(at(resource), resource.meta?.versionId, resource);

export const removeEntry = (resource: Resource) => remove(at(resource));

/** What was removed comes back as it was, as a new version. */
export const bringBack = (resource: Resource) => putOver<Resource>(at(resource), undefined, resource);
