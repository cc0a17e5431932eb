import { useNavigate } from "@tanstack/react-router";
import {
  Fragment,
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { TimelineFilter } from "@/api/record";
import type { Outline } from "@/api/types";
import { ErrorNote } from "@/ui/ErrorNote";
import { anchorAt, monthAt, placeOfMonth, type Row } from "./layout";
import { Scrubber } from "./Scrubber";
import { bars } from "./scrubber";
import css from "./Timeline.module.css";
import { TimelineRow } from "./TimelineRow";
import { useTimeline } from "./useTimeline";

interface ListProps {
  patient: string;
  own: boolean;
  filter: TimelineFilter;
  outline: Outline;
  allOpen: boolean;
  /** The month that the address names. */
  at: string | undefined;
  onAt: (month: string) => void;
  waiting: ReadonlyMap<string, number>;
}

/** Only the rows on the screen exist, and only the days around them are fetched, however long the history is. */
export function TimelineList({ patient, own, filter, outline, allOpen, at, onAt, waiting }: ListProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const box = useRef<HTMLElement>(null);
  const list = useTimeline({ patient, filter, outline, allOpen, box });
  const { blocks, height, shown, rowsAt, fold, top, go, loading, fresh } = list;

  const drawn = useMemo(
    () => bars(outline.months, (month) => (height > 0 ? placeOfMonth(blocks, month) / height : 0)),
    [outline.months, blocks, height],
  );
  // The place itself, and not the step it lies in: a key goes on from exactly here.
  const here = Math.max(list.here() + AIR, 0);
  // Where somebody asked to be, until they go on by themselves: what is fetched on the way must not lead past it.
  const [aim, setAim] = useState<string | null>(null);
  useEffect(() => {
    const leave = () => setAim(null);
    for (const act of ACTS) window.addEventListener(act, leave, { passive: true });
    return () => {
      for (const act of ACTS) window.removeEventListener(act, leave);
    };
  }, []);

  const newest = outline.months[0]?.month;
  const aimed = aim && aim !== newest ? placeOfMonth(blocks, aim, rowsAt) : 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is fetched on the way moves the place by the heights above it.
  useLayoutEffect(() => {
    if (!aim) return;
    const place = aim === newest ? 0 : Math.max(top() + aimed - AIR, 0);
    if (Math.abs(window.scrollY - place) >= 1) go(place);
  }, [aim, aimed, blocks, newest, top, go]);
  // A month in the address is where one arrives; coming back, one stands where one stood.
  const arrived = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when there is something to arrive at.
  useEffect(() => {
    if (arrived.current || blocks.length === 0) return;
    arrived.current = true;
    if (at && fresh) setAim(at);
  }, [blocks.length]);

  const follow = (event: MouseEvent) => {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("[data-fold]");
    if (button?.dataset.fold !== undefined) return fold(button.dataset.fold);
    const link = target.closest<HTMLAnchorElement>("a[data-entry]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    navigate({ href: link.getAttribute("href") ?? "", state: { fromTimeline: true } });
  };

  const goToMonth = useCallback(
    (month: string) => {
      setAim(month);
      onAt(month);
    },
    [onAt],
  );

  return (
    <div className={css.columns}>
      <section
        ref={box}
        className={css.box}
        style={{ height }}
        aria-label={t("timeline.entries")}
        aria-busy={loading}
        onClick={follow}
        onKeyDown={step}
      >
        {shown.map(({ block, rows, error, retry, cut }) => (
          <Fragment key={block.key}>
            {rows?.map(({ row, top: y }) => (
              <TimelineRow
                key={row.key}
                t={t}
                row={row}
                top={y}
                patient={patient}
                own={own}
                waiting={isDocument(row) ? (waiting.get(row.entry.id) ?? 0) : 0}
              />
            ))}
            {rows && cut && (
              <p className={css.cut} style={{ transform: `translateY(${block.top + block.height}px)` }}>
                {t("timeline.cut")}
              </p>
            )}
            {!rows && (
              <div className={css.blank} style={{ transform: `translateY(${block.top}px)`, height: block.height }}>
                {error ? <ErrorNote error={error} onRetry={retry} /> : null}
              </div>
            )}
          </Fragment>
        ))}
      </section>
      <Scrubber
        drawn={drawn}
        now={aim ?? monthAt(blocks, here)}
        share={height > 0 ? Math.min(here / height, 1) : 0}
        monthAt={(share) => monthAt(blocks, share * height)}
        onMove={(share) => {
          setAim(null);
          go(top() + share * height - AIR);
        }}
        onMonth={goToMonth}
        onRest={() => {
          const anchor = anchorAt(blocks, window.scrollY - top());
          const month = anchor && monthAt(blocks, window.scrollY - top() + AIR);
          if (month) onAt(month);
        }}
      />
    </div>
  );
}

const isDocument = (row: Row): row is Extract<Row, { kind: "entry" }> =>
  row.kind === "entry" && row.entry.type === "DocumentReference";

/** What people do to go on by themselves. */
const ACTS = ["wheel", "touchmove", "keydown", "mousedown"] as const;

/** What stands at the top of the page and would hide the first row. */
const AIR = 96;

/** Arrows and j, k go from line to line. */
function step(event: KeyboardEvent<HTMLElement>) {
  const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!by || event.metaKey || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  stepFrom(event.currentTarget, by);
}

/** Puts the focus on the line after the one that has it, or on the first in sight. */
export function stepFrom(list: HTMLElement, by: number) {
  const lines = [...list.querySelectorAll<HTMLElement>("[data-row]")].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  );
  const at = lines.findIndex((line) => line.contains(document.activeElement));
  const inSight = lines.findIndex((line) => line.getBoundingClientRect().top >= AIR);
  const next = at === -1 ? lines[Math.max(inSight, 0)] : lines[at + by];
  if (!next) return;
  next.focus({ preventScroll: true });
  const { top, bottom } = next.getBoundingClientRect();
  const foot = window.innerHeight - AIR;
  if (bottom > foot) window.scrollBy({ top: bottom - foot, behavior: "instant" });
  else if (top < AIR) window.scrollBy({ top: top - AIR, behavior: "instant" });
}
