import { IconChevronLeft, IconChevronRight, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { pagePicture } from "@/api/documents";
import type { DocumentItem, Place } from "@/api/types";
import { IconButton } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { useObjectUrl } from "./useObjectUrl";
import css from "./Viewer.module.css";

/** A place that is pointed at on a page. */
export interface Mark {
  key: string | number;
  page: number;
  place: Place;
  current?: boolean;
}

interface ViewerProps {
  item: DocumentItem;
  page: number;
  onPage: (page: number) => void;
  marks?: Mark[];
  /** Low enough that there is room for something below, as on a phone. */
  low?: boolean;
}

const ZOOMS = [1, 1.5, 2, 3] as const;
const TURNS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
const PAGES: Record<string, number> = { PageDown: 1, PageUp: -1 };
const SIZES: Record<string, number> = { "+": 1, "=": 1, "-": -1 };

/** The pages as pictures, one at a time: arrows turn them, plus and minus make them larger and smaller. */
export function Viewer({ item, page, onPage, marks = [], low }: ViewerProps) {
  const { t } = useTranslation();
  const [zoom, setZoom] = useState(0);
  const pages = item.pages ?? 1;
  const turn = (by: number) => page + by >= 1 && page + by <= pages && onPage(page + by);
  const step = (by: number) => setZoom((now) => Math.min(Math.max(now + by, 0), ZOOMS.length - 1));
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // What is larger than its frame scrolls by the arrows.
    const act = (zoom === 0 && TURNS[event.key]) || PAGES[event.key];
    if (act) turn(act);
    else if (event.key === "0") setZoom(0);
    else if (SIZES[event.key]) step(SIZES[event.key] ?? 0);
    else return;
    event.preventDefault();
  };
  return (
    <div className={css.viewer}>
      <div className={css.bar} role="toolbar" aria-label={t("documents.viewer.tools")}>
        {pages > 1 && (
          <>
            <IconButton label={t("documents.viewer.previous")} disabled={page <= 1} onClick={() => turn(-1)}>
              <IconChevronLeft aria-hidden />
            </IconButton>
            <span role="status">{t("documents.viewer.page", { page, count: pages })}</span>
            <IconButton label={t("documents.viewer.next")} disabled={page >= pages} onClick={() => turn(1)}>
              <IconChevronRight aria-hidden />
            </IconButton>
          </>
        )}
        <span className={css.zoom}>
          <IconButton label={t("documents.viewer.smaller")} disabled={zoom === 0} onClick={() => step(-1)}>
            <IconZoomOut aria-hidden />
          </IconButton>
          <IconButton label={t("documents.viewer.larger")} disabled={zoom === ZOOMS.length - 1} onClick={() => step(1)}>
            <IconZoomIn aria-hidden />
          </IconButton>
        </span>
      </div>
      <Sheet
        key={page}
        item={item}
        page={page}
        zoom={ZOOMS[zoom] ?? 1}
        marks={marks.filter((mark) => mark.page === page)}
        low={low}
        onKey={onKey}
      />
    </div>
  );
}

interface SheetProps extends Pick<ViewerProps, "item" | "page" | "low"> {
  zoom: number;
  marks: Mark[];
  onKey: (event: KeyboardEvent) => void;
}

function Sheet({ item, page, zoom, marks, low, onKey }: SheetProps) {
  const { t } = useTranslation();
  const frame = useRef<HTMLElement>(null);
  const [wide] = useState(() => window.innerWidth >= 700);
  const width = zoom >= 2 ? 1600 : wide || zoom > 1 ? 1200 : 800;
  const found = useQuery({ ...pagePicture(item.patient, item.id, page, width), placeholderData: (before) => before });
  const url = useObjectUrl(found.data);
  const [shown, setShown] = useState(false);
  const current = marks.find((mark) => mark.current);
  const at = current?.place;
  useEffect(() => {
    const box = frame.current;
    if (!shown || !box || !at) return;
    const middle = (start: number, size: number, whole: number, seen: number) => (start + size / 2) * whole - seen / 2;
    box.scrollTo({
      top: middle(at.y, at.h, box.scrollHeight, box.clientHeight),
      left: middle(at.x, at.w, box.scrollWidth, box.clientWidth),
    });
  }, [at, shown]);
  const percent = (part: number) => `${part * 100}%`;
  return (
    <section
      ref={frame}
      className={low ? `${css.frame} ${css.low}` : css.frame}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll here.
      tabIndex={0}
      aria-label={t("documents.viewer.title", { page })}
      onKeyDown={onKey}
    >
      {found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {!found.error && (
        <div className={css.sheet} style={{ inlineSize: percent(zoom) }}>
          {url ? (
            <img src={url} alt={t("documents.viewer.alt", { page, title: item.title })} onLoad={() => setShown(true)} />
          ) : (
            <span className={css.blank} role="status" aria-label={t("common.loading")} />
          )}
          {url &&
            marks.map(({ key, place, current: now }) => (
              <span
                key={key}
                className={now ? `${css.mark} ${css.now}` : css.mark}
                data-current={now || undefined}
                style={{
                  left: percent(place.x),
                  top: percent(place.y),
                  width: percent(place.w),
                  height: percent(place.h),
                }}
              />
            ))}
        </div>
      )}
    </section>
  );
}
