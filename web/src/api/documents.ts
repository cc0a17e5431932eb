import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { plain } from "@/lib/bytes";
import { get, getBlob, post } from "./client";
import type {
  DocumentChange,
  DocumentItem,
  DocumentKind,
  DocumentPage,
  DocumentText,
  DocumentValue,
  LabCode,
  UnfinishedUpload,
  ValueAnswer,
} from "./types";

/** What a list of documents is narrowed to; it stands in the address of the page. */
export interface DocumentFilter {
  q?: string;
  kind?: string;
  tag?: string;
  type?: string;
  year?: number;
  sort?: DocumentSort;
  deleted?: boolean;
}

export const DOCUMENT_SORTS = ["added", "date", "title"] as const;
export type DocumentSort = (typeof DOCUMENT_SORTS)[number];

const at = (id: string, path = "") => `/api/documents/${encodeURIComponent(id)}${path}`;

export const documents = (patient: string, filter: DocumentFilter, count = 30) =>
  infiniteQueryOptions({
    queryKey: ["record", patient, "documents", filter, count],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const { year, deleted, sort, ...rest } = filter;
      const days = year ? { from: `${year}-01-01`, to: `${year}-12-31` } : {};
      const query = { ...rest, ...days, sort, deleted: deleted || undefined, before: pageParam, count };
      return get<DocumentPage>(`/api/patients/${encodeURIComponent(patient)}/documents`, query, signal);
    },
    getNextPageParam: (page) => page.next,
  });

/** Files that a window which was closed left half sent. */
export const unfinished = (patient: string) =>
  queryOptions({
    queryKey: ["record", patient, "uploads"],
    queryFn: ({ signal }) => unfinishedUploads(patient, signal),
  });

export const unfinishedUploads = async (patient: string, signal?: AbortSignal): Promise<UnfinishedUpload[]> =>
  (await get<{ items: UnfinishedUpload[] }>(`/api/patients/${encodeURIComponent(patient)}/uploads`, {}, signal)).items;

export const document = (patient: string, id: string) =>
  queryOptions({
    queryKey: ["record", patient, "document-file", id],
    queryFn: ({ signal }) => get<DocumentItem>(at(id), {}, signal),
  });

export const documentText = (patient: string, id: string) =>
  queryOptions({
    queryKey: ["record", patient, "document-text", id],
    queryFn: ({ signal }) => get<DocumentText>(at(id, "/text"), {}, signal),
  });

export const documentValues = (patient: string, id: string) =>
  queryOptions({
    queryKey: ["record", patient, "document-values", id],
    queryFn: async ({ signal }) => (await get<{ items: DocumentValue[] }>(at(id, "/values"), {}, signal)).items,
  });

// Pictures never change, and to fetch one again is to read the record again: kept apart from what news of the record renews.
const picture = (patient: string, id: string, path: string) =>
  queryOptions({
    queryKey: ["picture", patient, id, path],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
    queryFn: () => getBlob(at(id, path)),
  });

export const thumbnail = (patient: string, id: string) => picture(patient, id, "/thumbnail");
export const pagePicture = (patient: string, id: string, page: number, width: 800 | 1200 | 1600) =>
  picture(patient, id, `/pages/${page}?width=${width}`);

/** The file as it came. Asked for by a person, so it is never kept. */
export const documentContent = (id: string) => getBlob(at(id, "/content?download=true"));
export const plainText = (patient: string, id: string) =>
  queryOptions({
    queryKey: ["picture", patient, id, "plain"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => plain(new Uint8Array(await (await getBlob(at(id, "/content"))).arrayBuffer())),
  });

export const changeDocument = (id: string, change: DocumentChange) => post<DocumentItem>(at(id, "/change"), change);
export const deleteDocument = (id: string) => post<DocumentItem>(at(id, "/delete"));
export const restoreDocument = (id: string) => post<DocumentItem>(at(id, "/restore"));
export const readAgain = (id: string) => post<DocumentItem>(at(id, "/read"));

export const confirmValue = (id: string, n: number, answer: ValueAnswer) =>
  post<DocumentValue>(at(id, `/values/${n}/confirm`), answer);
export const skipValue = (id: string, n: number) => post<DocumentValue>(at(id, `/values/${n}/skip`));
export const reopenValue = (id: string, n: number) => post<DocumentValue>(at(id, `/values/${n}/reopen`));

export const documentKinds = queryOptions({
  queryKey: ["document-kinds"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => (await get<{ items: DocumentKind[] }>("/api/document-kinds")).items,
});

export const labCodes = queryOptions({
  queryKey: ["lab-codes"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => (await get<{ items: LabCode[] }>("/api/lab-codes")).items,
});
