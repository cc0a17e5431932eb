import { useQueries, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type Stretch, type TimelineFilter, timelineStretch } from "@/api/record";
import type { Outline } from "@/api/types";
import {
  type Anchor,
  anchorAt,
  type Block,
  blocksBetween,
  type Heights,
  heightOf,
  type Placed,
  placeOf,
  type Row,
  rowsBetween,
  rowsOf,
  type Span,
  stack,
} from "./layout";

/** How far beyond the screen rows are made, and in which steps the place is looked at. */
const BEYOND = 700;
const STEP = 240;
/** Faster than this (pixels in a millisecond) nobody reads: what flies by is not fetched. */
const FAST = 6;
const CALM_MS = 90;
/** Pixels per entry of what was not fetched yet: folded visits take less than their entries would. */
const SHARE = { open: 64, folded: 22 };

/** What was learnt of each record's heights and of what lies open, for as long as the tab lives: so that coming back from an
 * entry finds everything where it was. */
const memory = new Map<string, { heights: Map<string, number>; open: Map<string, boolean> }>();

function remembered(key: string) {
  let kept = memory.get(key);
  if (!kept) {
    if (memory.size > 40) memory.clear();
    kept = { heights: new Map(), open: new Map() };
    memory.set(key, kept);
  }
  return kept;
}

function heightsNow(): Heights {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const wide = window.matchMedia("(min-width: 900px)").matches;
  const px = (n: number) => Math.round(n * rem);
  return { head: px(wide ? 3.5 : 4.75), entry: px(wide ? 4 : 5.75), fold: px(3.25), gap: px(1.25) };
}

const spansOf = (outline: Outline): Span[] => [
  ...outline.windows.map(({ from, to, count }) => ({ key: `${from} ${to}`, count, from, to })),
  ...(outline.undated > 0 ? [{ key: "undated", count: outline.undated, from: null, to: null }] : []),
];

const stretchOf = (block: Pick<Span, "from" | "to">): Stretch =>
  block.from && block.to ? { from: block.from, to: block.to } : "undated";

export interface Shown {
  block: Block;
  /** Nothing while it is being fetched. */
  rows: Placed[] | null;
  error: unknown;
  retry: () => void;
  cut: boolean;
}

interface Options {
  patient: string;
  filter: TimelineFilter;
  outline: Outline;
  allOpen: boolean;
  box: RefObject<HTMLElement | null>;
}

/** Which rows stand on the screen, however long the history is. Only the days around them are fetched. */
export function useTimeline({ patient, filter, outline, allOpen, box }: Options) {
  const client = useQueryClient();
  const [heights, setHeights] = useState(heightsNow);
  const kept = remembered(JSON.stringify([patient, filter, allOpen, heights]));
  // Whether this part of the record is looked at for the first time in this tab.
  const [fresh] = useState(kept.heights.size === 0);
  const [version, setVersion] = useState(0);
  const renew = useCallback(() => setVersion((n) => n + 1), []);
  const [folds, setFolds] = useState(0);
  const spans = useMemo(() => spansOf(outline), [outline]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known of the heights changes with the version.
  const blocks = useMemo(
    () => stack(spans, kept.heights, allOpen ? SHARE.open : SHARE.folded, heights),
    [spans, kept, allOpen, heights, version],
  );
  const last = blocks.at(-1);
  const height = last ? last.top + last.height : 0;

  const { seen, calm, top, here, go } = usePlace(box, blocks, setHeights);
  const [first, end] = blocksBetween(blocks, seen - BEYOND, seen + STEP + window.innerHeight + BEYOND);
  const near = blocks.slice(first, end + 1);
  const queries = useQueries({
    queries: near.map((block) => ({
      ...timelineStretch(patient, filter, stretchOf(block)),
      enabled: calm,
    })),
  });

  // What comes next under the thumb, before it is there.
  useEffect(() => {
    if (!calm) return;
    for (const span of [spans[end + 1], spans[end + 2], spans[first - 1]]) {
      if (span) client.prefetchQuery(timelineStretch(patient, filter, stretchOf(span)));
    }
  }, [calm, first, end, spans, client, patient, filter]);

  const isOpen = (key: string) => kept.open.get(key) ?? allOpen;
  const rows = useRows(kept, folds);
  const opened = near.map((block, i) => {
    const data = queries[i]?.data;
    return data ? rows(block.key, data.groups, isOpen, heights) : null;
  });

  // Heights that turned out otherwise: what one looks at stays where it is.
  useLayoutEffect(() => {
    let changed = false;
    near.forEach((block, i) => {
      const made = opened[i];
      if (!made) return;
      const real = heightOf(made);
      if (kept.heights.get(block.key) !== real) {
        kept.heights.set(block.key, real);
        changed ||= real !== block.height;
      }
    });
    if (!changed) return;
    const at = window.scrollY - top();
    const anchor: Anchor | null = at > 0 ? anchorAt(blocks, at) : null;
    const later = stack(spans, kept.heights, allOpen ? SHARE.open : SHARE.folded, heights);
    const place = anchor && placeOf(later, exactly(anchor, blocks, later, at));
    if (place !== null && Math.abs(place - at) >= 1) {
      const target = place + top();
      // The list must be that high before one can stand there.
      if (box.current) box.current.style.height = `${(later.at(-1)?.top ?? 0) + (later.at(-1)?.height ?? 0)}px`;
      go(target);
    }
    renew();
  });

  const fold = useCallback(
    (key: string) => {
      kept.open.set(key, !(kept.open.get(key) ?? allOpen));
      setFolds((n) => n + 1);
    },
    [kept, allOpen],
  );

  const from = seen - BEYOND;
  const to = seen + STEP + window.innerHeight + BEYOND;
  const shown: Shown[] = near.map((block, i) => {
    const made = opened[i];
    return {
      block,
      rows: made ? rowsBetween(made, block.top, from, to) : null,
      error: queries[i]?.error ?? null,
      retry: () => queries[i]?.refetch(),
      cut: queries[i]?.data?.cut ?? false,
    };
  });
  const rowsAt = (key: string) => opened[near.findIndex((block) => block.key === key)] ?? null;
  return {
    blocks,
    height,
    shown,
    rowsAt,
    fold,
    top,
    here,
    go,
    fresh,
    loading: queries.some((query) => query.isFetching),
  };
}

/** Inside a block that was there already, the same pixel; inside one that has just come, the same share of it. */
function exactly(anchor: Anchor, before: readonly Block[], after: readonly Block[], at: number): Anchor {
  const [old, now] = [before, after].map((list) => list.find((block) => block.key === anchor.key));
  if (!old || !now || now.height === 0) return anchor;
  const into = at - old.top;
  return into <= now.height && old.height < now.height * 3 ? { key: anchor.key, share: into / now.height } : anchor;
}

/** Rows are made once for what was fetched and for what lies open, so that a line which only moves on is not drawn again. */
function useRows(kept: object, folds: number) {
  const made = useRef(new Map<string, { groups: unknown; kept: object; folds: number; rows: Row[] }>());
  return (key: string, groups: Parameters<typeof rowsOf>[0], isOpen: (key: string) => boolean, heights: Heights) => {
    const known = made.current.get(key);
    // What is kept is of one record, filter and height of lines.
    if (known && known.groups === groups && known.kept === kept && known.folds === folds) return known.rows;
    const rows = rowsOf(groups, isOpen, heights);
    if (made.current.size > 60) made.current.clear();
    made.current.set(key, { groups, kept, folds, rows });
    return rows;
  };
}

/** Where the page stands, in steps, and whether it stands still enough to be read. */
function usePlace(
  box: RefObject<HTMLElement | null>,
  blocks: readonly Block[],
  setHeights: (heights: Heights) => void,
) {
  const [seen, setSeen] = useState(0);
  const [calm, setCalm] = useState(true);
  const offset = useRef(0);
  const top = useCallback(() => offset.current, []);
  // Asking the window where it stands makes the browser lay out the page first, so it is asked when it scrolls and not with each drawing.
  const stands = useRef(0);
  const here = useCallback(() => stands.current - offset.current, []);
  const go = useCallback((y: number) => {
    window.scrollTo({ top: y, behavior: "instant" });
    stands.current = y;
  }, []);
  const hasBlocks = blocks.length > 0;

  useLayoutEffect(() => {
    if (!hasBlocks) return;
    const measure = () => {
      if (box.current) offset.current = box.current.getBoundingClientRect().top + window.scrollY;
      look();
    };
    const look = () => {
      stands.current = window.scrollY;
      setSeen(Math.floor(here() / STEP) * STEP);
    };
    let before = window.scrollY;
    let at = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = () => {
      look();
      const now = performance.now();
      const speed = Math.abs(stands.current - before) / Math.max(now - at, 1);
      before = stands.current;
      at = now;
      if (speed > FAST) setCalm(false);
      clearTimeout(timer);
      timer = setTimeout(() => setCalm(true), CALM_MS);
    };
    const onResize = () => {
      setHeights(heightsNow());
      measure();
    };
    measure();
    window.addEventListener("scroll", onScroll, { passive: true });
    window.addEventListener("resize", onResize);
    const watch = new ResizeObserver(measure);
    if (box.current?.parentElement) watch.observe(document.body);
    return () => {
      clearTimeout(timer);
      watch.disconnect();
      window.removeEventListener("scroll", onScroll);
      window.removeEventListener("resize", onResize);
    };
  }, [box, hasBlocks, setHeights, here]);
  return { seen, calm, top, here, go };
}
