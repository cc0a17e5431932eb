import { type KeyboardEvent, memo, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./Scrubber.module.css";
import { afterKey, type Bar, withRoom, type YearMark, years } from "./scrubber";

interface ScrubberProps {
  /** All months, newest first. */
  drawn: Bar[];
  /** The month that is looked at, and how far down the list it is, 0 to 1. */
  now: string | null;
  share: number;
  monthAt: (share: number) => string | null;
  /** While it is dragged. */
  onMove: (share: number) => void;
  onMonth: (month: string) => void;
  onRest: () => void;
}

const YEAR_ROOM = 28;
const WIDTH = 40;

/** All years on one track, with how much there is in each month: dragged, tapped, or moved by keys. */
export function Scrubber({ drawn, now, share, monthAt, onMove, onMonth, onRest }: ScrubberProps) {
  const { t, i18n } = useTranslation();
  const track = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(600);
  const [held, setHeld] = useState<{ share: number; month: string | null } | null>(null);
  const wait = useRef(0);
  useLayoutEffect(() => {
    if (!track.current) return;
    const watch = new ResizeObserver(([entry]) => entry && setHeight(entry.contentRect.height));
    watch.observe(track.current);
    return () => watch.disconnect();
  }, []);
  const marks = useMemo(() => years(drawn), [drawn]);
  const room = useMemo(() => withRoom(marks, height, YEAR_ROOM), [marks, height]);
  const path = useMemo(
    () =>
      drawn
        .map(({ at, length }) => `M0 ${(at * height).toFixed(1)}h${Math.max(length * WIDTH, 2).toFixed(1)}`)
        .join(""),
    [drawn, height],
  );
  const words = useMemo(() => {
    const format = new Intl.DateTimeFormat(i18n.language, { month: "long", year: "numeric", timeZone: "UTC" });
    return (month: string) => format.format(new Date(`${month}-01T00:00:00Z`));
  }, [i18n.language]);
  if (drawn.length < 2) return <div />;

  // A month in which there is nothing stands for the next one in which there is something.
  const named = held?.month ?? now ?? drawn[0]?.month ?? "";
  const found = drawn.findIndex((each) => each.month <= named);
  const index = found === -1 ? drawn.length - 1 : found;
  const { month = "", count = 0 } = drawn[index] ?? {};
  const shareOf = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(Math.max((event.clientY - box.top) / box.height, 0), 1);
  };
  const move = (event: PointerEvent) => {
    const to = shareOf(event);
    setHeld({ share: to, month: monthAt(to) });
    // Once for each picture that is drawn.
    cancelAnimationFrame(wait.current);
    wait.current = requestAnimationFrame(() => onMove(to));
  };
  const onKey = (event: KeyboardEvent) => {
    const next = afterKey(event.key, drawn, now);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    onMonth(next);
  };
  const at = held?.share ?? share;
  return (
    <div className={css.scrubber}>
      <Years marks={marks} room={room} now={month.slice(0, 4)} drawn={drawn} onMonth={onMonth} />
      <div
        ref={track}
        className={css.track}
        role="slider"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t("timeline.scrub")}
        aria-valuemin={0}
        aria-valuemax={drawn.length - 1}
        aria-valuenow={index}
        aria-valuetext={month ? t("timeline.month", { month: words(month), count }) : undefined}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          move(event);
        }}
        onPointerMove={(event) => held && move(event)}
        onPointerUp={() => {
          setHeld(null);
          onRest();
        }}
        onPointerCancel={() => setHeld(null)}
      >
        <svg className={css.bars} width={WIDTH} height={height} aria-hidden="true">
          <path d={path} />
        </svg>
        <span className={css.thumb} style={{ transform: `translateY(${at * height}px)` }} aria-hidden="true" />
        {held && month && (
          <span className={css.bubble} style={{ insetBlockStart: `${at * 100}%` }} aria-hidden="true">
            {words(month)}
          </span>
        )}
      </div>
    </div>
  );
}

interface YearsProps {
  marks: YearMark[];
  room: ReadonlySet<string>;
  now: string;
  drawn: Bar[];
  onMonth: (month: string) => void;
}

/** A button for each year: they stand still while one scrolls within one of them. */
const Years = memo(function Years({ marks, room, now, drawn, onMonth }: YearsProps) {
  const { t } = useTranslation();
  return (
    <nav className={css.years} aria-label={t("timeline.years")}>
      <button type="button" className={css.newest} onClick={() => onMonth(drawn[0]?.month ?? "")}>
        {t("timeline.today")}
      </button>
      {marks.map((mark) => (
        <button
          key={mark.year}
          type="button"
          className={room.has(mark.year) ? css.year : `${css.year} ${css.crowded}`}
          style={{ insetBlockStart: `${mark.at * 100}%` }}
          aria-current={mark.year === now || undefined}
          aria-label={t("timeline.year", { year: mark.year, count: mark.count })}
          onClick={() => onMonth(drawn.find((bar) => bar.month.startsWith(mark.year))?.month ?? "")}
        >
          {mark.year}
        </button>
      ))}
    </nav>
  );
});
