// Where each row of a timeline stands, in pixels, also of what has not been fetched. Pure, so that a list of fifty thousand entries
// can be scrolled without measuring any of it.

import type { Entry, Group } from "@/api/types";

/** Heights in pixels; rows never differ from them, so that nothing jumps. */
export interface Heights {
  head: number;
  entry: number;
  /** What stands of a folded group. */
  fold: number;
  gap: number;
}

export type Row =
  | { kind: "head"; key: string; height: number; group: Group; foldable: boolean; open: boolean }
  | { kind: "fold"; key: string; height: number; group: Group }
  | { kind: "entry"; key: string; height: number; entry: Entry; first: boolean; last: boolean };

/** Some days of the record: its rows once they were fetched, else as high as they are likely to be. */
export interface Block {
  key: string;
  top: number;
  height: number;
  count: number;
  from: string | null;
  to: string | null;
}

/** A page of the server may end in the middle of a visit; its two parts are one group to the reader. */
export function joinGroups(groups: Group[]): Group[] {
  const joined: Group[] = [];
  for (const group of groups) {
    const last = joined.at(-1);
    const same = last && (group.visit ? last.visit?.id === group.visit.id : !last.visit && last.date === group.date);
    if (last && same) joined[joined.length - 1] = { ...last, entries: [...last.entries, ...group.entries] };
    else joined.push(group);
  }
  return joined;
}

/** A day without a visit stays open unless it is longer than this. */
const LONG_DAY = 8;

export const isFoldable = (group: Group): boolean =>
  group.visit ? group.entries.length > 1 : group.entries.length > LONG_DAY;

export const keyOf = (group: Group): string => group.visit?.id ?? `day ${group.date ?? ""}`;

/** The rows of fetched groups, one under the other. */
export function rowsOf(groups: Group[], isOpen: (key: string) => boolean, heights: Heights): Row[] {
  return joinGroups(groups).flatMap((group): Row[] => {
    const key = keyOf(group);
    const foldable = isFoldable(group);
    const open = !foldable || isOpen(key);
    const head: Row = { kind: "head", key, height: heights.gap + heights.head, group, foldable, open };
    if (!open) return [head, { kind: "fold", key: `${key} folded`, height: heights.fold, group }];
    const last = group.entries.length - 1;
    return [
      head,
      ...group.entries.map(
        (entry, at): Row => ({
          kind: "entry",
          key: `${entry.type}/${entry.id}`,
          height: heights.entry,
          entry,
          first: at === 0,
          last: at === last,
        }),
      ),
    ];
  });
}

export const heightOf = (rows: Row[]): number => rows.reduce((sum, row) => sum + row.height, 0);

/** How high days are likely to be before they are fetched. */
export const likelyHeight = (count: number, share: number, heights: Heights): number =>
  Math.max(heights.gap + heights.head + heights.fold, Math.round(count * share));

export interface Span {
  key: string;
  count: number;
  from: string | null;
  to: string | null;
}

/** Blocks under each other; `known` are the heights of those that were fetched. */
export function stack(spans: Span[], known: ReadonlyMap<string, number>, share: number, heights: Heights): Block[] {
  let top = 0;
  return spans.map((span) => {
    const height = known.get(span.key) ?? likelyHeight(span.count, share, heights);
    const block = { ...span, top, height };
    top += height;
    return block;
  });
}

/** The last of what begins at or above a place; the places are in order. */
function lastAt<T>(items: readonly T[], y: number, topOf: (item: T) => number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const item = items[middle];
    if (item !== undefined && topOf(item) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

export const blockAt = (blocks: readonly Block[], y: number): number => lastAt(blocks, y, (block) => block.top);

/** First and last block that lie between two places. */
export function blocksBetween(blocks: readonly Block[], from: number, to: number): [number, number] {
  if (blocks.length === 0) return [0, -1];
  return [blockAt(blocks, from), blockAt(blocks, to)];
}

export interface Placed {
  row: Row;
  /** From the top of the list. */
  top: number;
}

/** The rows of a block that touch what lies between two places. */
export function rowsBetween(rows: readonly Row[], top: number, from: number, to: number): Placed[] {
  const placed: Placed[] = [];
  let y = top;
  for (const row of rows) {
    if (y >= to) break;
    if (y + row.height > from) placed.push({ row, top: y });
    y += row.height;
  }
  return placed;
}

/** What stands at a place, so that the same can be put there again after heights above it changed. */
export interface Anchor {
  key: string;
  /** How far into its block, from 0 to 1. */
  share: number;
}

export function anchorAt(blocks: readonly Block[], y: number): Anchor | null {
  const block = blocks[blockAt(blocks, y)];
  if (!block) return null;
  return { key: block.key, share: block.height > 0 ? Math.min(Math.max((y - block.top) / block.height, 0), 1) : 0 };
}

export function placeOf(blocks: readonly Block[], anchor: Anchor): number | null {
  const block = blocks.find((each) => each.key === anchor.key);
  return block ? block.top + anchor.share * block.height : null;
}

/** The block in which a month begins: the first that reaches back as far, for they come newest first. */
function blockOfMonth(blocks: readonly Block[], end: string): Block | undefined {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const from = blocks[middle]?.from ?? "";
    if (from <= end) high = middle;
    else low = middle + 1;
  }
  return blocks[low];
}

/**
 * Where a month begins in the list (newest first): its last day is on top. Exactly, where its rows are known; until then about
 * there.
 */
export function placeOfMonth(
  blocks: readonly Block[],
  month: string,
  rowsAt?: (key: string) => readonly Row[] | null,
): number {
  const end = `${month}-31`;
  const block = blockOfMonth(blocks, end);
  const rows = block && rowsAt?.(block.key);
  if (rows) {
    let y = block.top;
    for (const row of rows) {
      if (row.kind === "head" && lastMonth(row.group) <= month) return y;
      y += row.height;
    }
    return y;
  }
  if (!block) return blocks.at(-1)?.top ?? 0;
  if (!block.from || !block.to || block.to <= end) return block.top;
  // Inside a stretch: as far as its days are.
  const [from, to, at] = [block.from, block.to, end].map((day) => Date.parse(dayOf(day)));
  const share = to !== undefined && from !== undefined && at !== undefined && to > from ? (to - at) / (to - from) : 0;
  return block.top + Math.min(Math.max(share, 0), 1) * block.height;
}

/** Where a group stands follows from the last that happened in it: a stay in hospital is headed by the day on which it began. */
function lastMonth(group: Group): string {
  const months = [group.date, ...group.entries.map((entry) => entry.date)].map((date) => (date ?? "").slice(0, 7));
  return months.sort().at(-1) ?? "";
}

/** A month's last day may be before the 31st. */
function dayOf(day: string): string {
  if (!Number.isNaN(Date.parse(day))) return day;
  const [year = "1970", month = "01"] = day.split("-");
  return new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10);
}

/** The month that stands at a place. */
export function monthAt(blocks: readonly Block[], y: number): string | null {
  const block = blocks[blockAt(blocks, y)];
  if (!block?.from || !block.to) return null;
  const [from, to] = [Date.parse(block.from), Date.parse(block.to)];
  const share = block.height > 0 ? Math.min(Math.max((y - block.top) / block.height, 0), 1) : 0;
  return new Date(to - share * (to - from)).toISOString().slice(0, 7);
}

/** How many of each kind a folded group holds, in the order in which they come, and how many are out of the usual. */
export function tally(group: Group): { categories: [Entry["category"], number][]; unusual: number } {
  const counts = new Map<Entry["category"], number>();
  let unusual = 0;
  for (const entry of group.entries) {
    if (group.visit && entry.type === "Encounter" && entry.id === group.visit.id) continue;
    counts.set(entry.category, (counts.get(entry.category) ?? 0) + 1);
    if (entry.value?.flag) unusual += 1;
  }
  return { categories: [...counts], unusual };
}
