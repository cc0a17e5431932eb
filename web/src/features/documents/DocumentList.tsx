import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentItem } from "@/api/types";
import { Skeleton } from "@/ui/Skeleton";
import { DocumentRow } from "./DocumentRow";
import css from "./Documents.module.css";

interface ListProps {
  items: DocumentItem[];
  own: boolean;
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

const ROW_HEIGHT = 105;
const AHEAD = 8;

/** Only the rows on the screen exist, however many documents there are; more are fetched before the end is reached. */
export default function DocumentList({ items, own, more, loading, onMore }: ListProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLUListElement>(null);
  const [offset, setOffset] = useState(0);
  // What stands above the list comes and goes: the tray of files on their way.
  useLayoutEffect(() => {
    const place = () => setOffset(box.current ? box.current.getBoundingClientRect().top + window.scrollY : 0);
    place();
    const watch = new ResizeObserver(place);
    watch.observe(window.document.body);
    return () => watch.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (i) => items[i]?.id ?? i,
    overscan: 6,
    scrollMargin: offset,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !loading && last >= items.length - AHEAD) onMore();
  }, [more, loading, last, items.length, onMore]);
  return (
    <>
      <ul
        ref={box}
        className={css.list}
        style={{ height: virtual.getTotalSize() }}
        aria-label={t("documents.title")}
        aria-busy={loading}
      >
        {rows.map((row) => {
          const item = items[row.index];
          return (
            item && (
              <li
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                className={css.slot}
                style={{ transform: `translateY(${row.start - offset}px)` }}
              >
                <DocumentRow item={item} own={own} />
              </li>
            )
          );
        })}
      </ul>
      {loading && <Skeleton rows={2} height={104} />}
    </>
  );
}
