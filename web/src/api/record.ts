import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, getText, post } from "./client";
import type { Category, Label, Labelled, Series, SeriesHead, Summary, Timeline } from "./types";

/** Any FHIR resource, as it came. src/fhir knows what is inside. */
export interface Resource {
  resourceType: string;
  id?: string;
  meta?: {
    versionId?: string;
    lastUpdated?: string;
    security?: { code?: string; display?: string }[];
    tag?: { code?: string }[];
  };
  [element: string]: unknown;
}

export interface Bundle {
  resourceType: "Bundle";
  total?: number;
  entry?: { resource?: Resource }[];
}

export interface TimelineFilter {
  categories: Category[];
  from?: string;
  to?: string;
}

const record = (patient: string, ...rest: unknown[]) => ["record", patient, ...rest];
const at = (patient: string, path: string) => `/api/patients/${encodeURIComponent(patient)}/${path}`;

export const timeline = (patient: string, filter: TimelineFilter, count = 40) =>
  infiniteQueryOptions({
    queryKey: record(patient, "timeline", filter, count),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      get<Timeline>(
        at(patient, "timeline"),
        { category: filter.categories.join(","), from: filter.from, to: filter.to, before: pageParam, count },
        signal,
      ),
    getNextPageParam: (page) => page.next,
  });

/** The days of one visit, to find what happened in it. */
export const visitDays = (patient: string, from: string, to: string) =>
  queryOptions({
    queryKey: record(patient, "visit", from, to),
    queryFn: ({ signal }) => get<Timeline>(at(patient, "timeline"), { from, to, count: 100 }, signal),
  });

export const summary = (patient: string) =>
  queryOptions({
    queryKey: record(patient, "summary"),
    queryFn: ({ signal }) => get<Summary>(at(patient, "summary"), {}, signal),
  });

export const seriesList = (patient: string) =>
  queryOptions({
    queryKey: record(patient, "series"),
    queryFn: async ({ signal }) => (await get<{ series: SeriesHead[] }>(at(patient, "series"), {}, signal)).series,
  });

export const series = (patient: string, code: string) =>
  queryOptions({
    queryKey: record(patient, "series", code),
    queryFn: ({ signal }) => get<Series>(at(patient, `series/${encodeURIComponent(code)}`), {}, signal),
  });

export const resource = (patient: string, type: string, id: string) =>
  queryOptions({
    queryKey: record(patient, "resource", type, id),
    queryFn: ({ signal }) => get<Resource>(`/fhir/${type}/${encodeURIComponent(id)}`, {}, signal),
  });

/** The same to the letter. */
export const entryText = (patient: string, type: string, id: string) =>
  queryOptions({
    queryKey: record(patient, "resource", type, id, "text"),
    queryFn: () => getText(`/fhir/${type}/${encodeURIComponent(id)}`),
  });

export const versions = (patient: string, type: string, id: string) =>
  queryOptions({
    queryKey: record(patient, "versions", type, id),
    queryFn: async ({ signal }) =>
      resources(await get<Bundle>(`/fhir/${type}/${encodeURIComponent(id)}/_history`, {}, signal)),
  });

/** Several resources of one type with one search, which is one line in the ledger instead of many. */
export const several = (patient: string, type: string, ids: string[]) =>
  queryOptions({
    queryKey: record(patient, "several", type, ids),
    enabled: ids.length > 0,
    queryFn: async ({ signal }) =>
      resources(await get<Bundle>(`/fhir/${type}`, { _id: ids.join(","), _count: ids.length }, signal)),
  });

const resources = (bundle: Bundle): Resource[] => (bundle.entry ?? []).flatMap((entry) => entry.resource ?? []);

/** Not below the record's key: to read it again is a line in the ledger, so only what was asked for is. */
export const entryLabels = (patient: string, type: string, id: string) =>
  queryOptions({
    queryKey: ["labels", patient, type, id],
    queryFn: async () => (await get<{ labels: Labelled[] }>(`/api/entries/${type}/${id}/labels`)).labels,
  });

export const setLabels = async (type: string, id: string, labels: Label[]) =>
  (await post<{ labels: Labelled[] }>(`/api/entries/${type}/${id}/labels`, { labels })).labels;
