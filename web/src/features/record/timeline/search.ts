// What a timeline is narrowed to, as it stands in the address: it can be kept, shared and printed. Somebody else may have written it.

import type { TimelineFilter } from "@/api/record";
import { CATEGORIES, type Category, LABELS, type Label } from "@/api/types";

export interface TimelineSearch {
  category?: Category[];
  label?: Label[];
  from?: string;
  to?: string;
  abnormal?: boolean;
  by?: string;
  q?: string;
  /** Visits lie open. */
  open?: boolean;
  /** The month that was jumped to. */
  at?: string;
}

const listed = <T extends string>(all: readonly T[], value: unknown): T[] | undefined => {
  const wanted = Array.isArray(value) ? value : [];
  const known = all.filter((each) => wanted.includes(each));
  return known.length > 0 ? known : undefined;
};
const text = (value: unknown, most: number): string | undefined =>
  (typeof value === "string" || typeof value === "number") && String(value).trim() !== ""
    ? String(value).slice(0, most)
    : undefined;
const matching = (value: unknown, pattern: RegExp): string | undefined => {
  const said = text(value, 40);
  return said && pattern.test(said) ? said : undefined;
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONTH = /^\d{4}-\d{2}$/;
const SOURCE = /^(?:patient|(?:Organization|Practitioner)\/[A-Za-z0-9.-]{1,64})$/;

export function readSearch(search: Record<string, unknown>): TimelineSearch {
  const by = text(search.by, 90);
  return {
    category: listed(CATEGORIES, search.category),
    label: listed(LABELS, search.label),
    from: matching(search.from, DAY),
    to: matching(search.to, DAY),
    abnormal: search.abnormal === true || undefined,
    by: by && SOURCE.test(by) ? by : undefined,
    q: text(search.q, 200),
    open: search.open === true || undefined,
    at: matching(search.at, MONTH),
  };
}

export const filterOf = ({ category, label, from, to, abnormal, by, q }: TimelineSearch): TimelineFilter => ({
  categories: category ?? [],
  labels: label,
  from,
  to,
  abnormal,
  by,
  q,
});

/** What stands behind "More filters". */
export const moreFilters = ({ label, from, to, by }: TimelineSearch): number =>
  (label?.length ?? 0) + Number(from !== undefined) + Number(to !== undefined) + Number(by !== undefined);

export const isNarrowed = (search: TimelineSearch): boolean =>
  moreFilters(search) > 0 || (search.category?.length ?? 0) > 0 || search.abnormal === true || search.q !== undefined;

/** Takes every filter away and leaves the place. */
export const cleared = ({ open }: TimelineSearch): TimelineSearch => ({ open });
