import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Entry, Group } from "@/api/types";
import { EntryRow } from "@/fhir/EntryRow";
import { GroupHead } from "@/fhir/GroupHead";
import { Skeleton } from "@/ui/Skeleton";
import css from "./TimelineList.module.css";

interface ListProps {
  groups: Group[];
  patient: string;
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

type Row = { key: string; group: Group } | { key: string; entry: Entry; first: boolean; last: boolean };

const HEAD_HEIGHT = 68;
const ENTRY_HEIGHT = 61;
const AHEAD = 10;

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

function flatten(groups: Group[]): Row[] {
  return joinGroups(groups).flatMap((group, i): Row[] => [
    { key: `group ${group.visit?.id ?? group.date ?? ""} ${i}`, group },
    ...group.entries.map((entry, at) => ({
      key: `${entry.type}/${entry.id}`,
      entry,
      first: at === 0,
      last: at === group.entries.length - 1,
    })),
  ]);
}

/** Only the rows on the screen exist, however long the history is; more is fetched before the end is reached. */
export function TimelineList({ groups, patient, more, loading, onMore }: ListProps) {
  const { t } = useTranslation();
  const rows = useMemo(() => flatten(groups), [groups]);
  const box = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    if (box.current) setOffset(box.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (i) => (rows[i] && "group" in rows[i] ? HEAD_HEIGHT : ENTRY_HEIGHT),
    getItemKey: (i) => rows[i]?.key ?? i,
    overscan: 12,
    scrollMargin: offset,
  });
  const items = virtual.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && !loading && end >= rows.length - AHEAD) onMore();
  }, [more, loading, end, rows.length, onMore]);

  return (
    <>
      <section
        ref={box}
        className={css.box}
        style={{ height: virtual.getTotalSize() }}
        aria-label={t("timeline.entries")}
        aria-busy={loading}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={css.slot}
              style={{ transform: `translateY(${item.start - offset}px)` }}
            >
              {"group" in row ? (
                <div className={css.head}>
                  <GroupHead group={row.group} />
                </div>
              ) : (
                <div className={`${css.entry} ${row.first ? css.first : ""} ${row.last ? css.last : ""}`}>
                  <EntryRow entry={row.entry} patient={patient} />
                </div>
              )}
            </div>
          );
        })}
      </section>
      {loading && <Skeleton rows={2} height={60} />}
      {!more && <p className={css.end}>{t("timeline.end")}</p>}
    </>
  );
}
