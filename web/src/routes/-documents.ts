// What stands in the addresses of documents' pages, checked: somebody else may have written them.
import { DOCUMENT_SORTS, type DocumentFilter } from "@/api/documents";
import type { DocumentSearch } from "@/features/documents/DocumentPage";

const text = (value: unknown): string | undefined =>
  (typeof value === "string" || typeof value === "number") && value !== "" ? String(value) : undefined;
const count = (value: unknown): number | undefined =>
  Number.isInteger(value) && Number(value) > 0 ? Number(value) : undefined;

export function documentFilter(search: Record<string, unknown>): DocumentFilter {
  const year = count(search.year);
  return {
    q: text(search.q),
    kind: text(search.kind),
    tag: text(search.tag),
    type: text(search.type),
    year: year && year >= 1850 && year <= 2200 ? year : undefined,
    sort: DOCUMENT_SORTS.find((each) => each === search.sort),
  };
}

export function documentSearch(search: Record<string, unknown>): DocumentSearch {
  return {
    page: count(search.page),
    tab: search.tab === "text" ? "text" : undefined,
    observation: text(search.observation),
  };
}
