import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { parseDate } from "@/lib/dates";
import { get, getBlob, getText, post, put } from "./client";
import type {
  Category,
  Comparison,
  Group,
  Label,
  Labelled,
  Outline,
  OutlineChoices,
  Series,
  SeriesHead,
  Summary,
  Timeline,
  TimelineWindow,
} from "./types";

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

/** What a timeline is narrowed to. */
export interface TimelineFilter {
  categories: Category[];
  labels?: Label[];
  from?: string;
  to?: string;
  abnormal?: boolean;
  by?: string;
  q?: string;
}

const record = (patient: string, ...rest: unknown[]) => ["record", patient, ...rest];
const at = (patient: string, path: string) => `/api/patients/${encodeURIComponent(patient)}/${path}`;

export const timeline = (patient: string, filter: TimelineFilter, count = 40) =>
  infiniteQueryOptions({
    queryKey: record(patient, "timeline", filter, count),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      get<Timeline>(at(patient, "timeline"), { ...asked(filter), before: pageParam, count }, signal),
    getNextPageParam: (page) => page.next,
  });

const asked = (filter: TimelineFilter) => ({
  category: filter.categories.join(","),
  label: filter.labels?.join(","),
  from: filter.from,
  to: filter.to,
  abnormal: filter.abnormal,
  by: filter.by,
  q: filter.q,
});

/** How much there is and when: enough to draw a scroll bar before anything is fetched. */
export const timelineOutline = (patient: string, filter: TimelineFilter) =>
  queryOptions({
    queryKey: record(patient, "outline", filter),
    queryFn: ({ signal }) => get<Outline>(at(patient, "timeline/outline"), asked(filter), signal),
  });

export const timelineChoices = (patient: string) =>
  queryOptions({
    queryKey: record(patient, "choices"),
    queryFn: ({ signal }) => get<OutlineChoices>(at(patient, "timeline/choices"), {}, signal),
  });

/** Some days of the outline, or what says no date. */
export type Stretch = Pick<TimelineWindow, "from" | "to"> | "undated";

const PAGE = 200;
/** A single day longer than this is cut: nobody reads five thousand lines of one day. */
const PAGES_MOST = 25;

/** All that happened in a stretch, page by page where one day alone is long. */
export const timelineStretch = (patient: string, filter: TimelineFilter, stretch: Stretch) =>
  queryOptions({
    queryKey: record(patient, "stretch", filter, stretch),
    gcTime: 10 * 60_000,
    queryFn: async ({ signal }) => {
      const { from: _, to: __, ...rest } = asked(filter);
      const days = stretch === "undated" ? { undated: true } : { from: stretch.from, to: stretch.to };
      const groups: Group[] = [];
      let before: string | null = null;
      for (let page = 0; page < PAGES_MOST; page++) {
        const query = { ...rest, ...days, totals: false, count: PAGE, before };
        const found: Timeline = await get<Timeline>(at(patient, "timeline"), query, signal);
        groups.push(...found.groups);
        before = found.next;
        if (!before) break;
      }
      return { groups, cut: before !== null };
    },
  });

/** On more sheets than this nobody looks anything up. */
const PAPER_PAGES = 10;

/** What goes onto paper, whole, up to two thousand entries. */
export const timelineForPaper = (patient: string, filter: TimelineFilter) =>
  queryOptions({
    queryKey: record(patient, "paper", filter),
    queryFn: async ({ signal }) => {
      const groups: Group[] = [];
      let before: string | null = null;
      for (let page = 0; page < PAPER_PAGES; page++) {
        const query = { ...asked(filter), totals: false, count: PAGE, before };
        const found: Timeline = await get<Timeline>(at(patient, "timeline"), query, signal);
        groups.push(...found.groups);
        before = found.next;
        if (!before) break;
      }
      return { groups, cut: before !== null };
    },
  });

/** The record at the end of two days. */
export const comparison = (patient: string, before: string, after: string) =>
  queryOptions({
    queryKey: record(patient, "compare", before, after),
    queryFn: ({ signal }) => get<Comparison>(at(patient, "compare"), { before, after }, signal),
  });

/** A picture never changes under its address, and to fetch it again is to read the record again. */
export const patientPhoto = (patient: string, url: string) =>
  queryOptions({
    queryKey: ["picture", patient, url],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: () => getBlob(url),
  });

export const setPhoto = (patient: string, data: string) => put<{ url: string }>(at(patient, "photo"), { data });
export const removePhoto = (patient: string) => post(at(patient, "photo/remove"));

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

/** A day without a time of day is that day wherever the reader is: its beginning by their own clock. */
export function onTheWall(series: Series): Series {
  const days = new Set(series.days);
  const local = (time: number) => parseDate(new Date(time).toISOString().slice(0, 10)).getTime();
  const seen = (time: number) => (days.has(time) ? local(time) : time);
  return {
    ...series,
    points: series.points.map(([time, ...rest]) => [seen(time), ...rest]),
    limits: series.limits?.map((limit) => ({ ...limit, time: seen(limit.time) })),
  };
}

export const series = (patient: string, code: string) =>
  queryOptions({
    queryKey: record(patient, "series", code),
    queryFn: async ({ signal }) =>
      onTheWall(await get<Series>(at(patient, `series/${encodeURIComponent(code)}`), {}, signal)),
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

/** Where an entry came from, as far as anybody wrote it down. */
export const provenances = (patient: string, type: string, id: string) =>
  queryOptions({
    queryKey: record(patient, "provenances", type, id),
    queryFn: async ({ signal }) =>
      resources(await get<Bundle>("/fhir/Provenance", { target: `${type}/${id}`, _count: 20 }, signal)),
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
