import { IconArrowsDiff, IconFolderOpen, IconHistory, IconPrinter } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { documents } from "@/api/documents";
import { timelineOutline } from "@/api/record";
import { Button, ButtonLink } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { SearchField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { Filters } from "./Filters";
import { InDocuments } from "./InDocuments";
import { cleared, filterOf, isNarrowed, type TimelineSearch } from "./search";
import { stepFrom, TimelineList } from "./TimelineList";
import css from "./TimelinePage.module.css";

interface TimelineProps {
  patient: string;
  own: boolean;
  search: TimelineSearch;
  onSearch: (search: TimelineSearch) => void;
}

/** The whole history, newest first. What is shown stands in the address, so that it can be kept, shared and printed. */
export function TimelinePage({ patient, own, search, onSearch }: TimelineProps) {
  const { t } = useTranslation();
  useTitle(t("record.timeline"));
  const page = useRef<HTMLDivElement>(null);
  const { category, label, from, to, abnormal, by, q } = search;
  const filter = useMemo(
    () => filterOf({ category, label, from, to, abnormal, by, q }),
    [category, label, from, to, abnormal, by, q],
  );
  const outline = useQuery({ ...timelineOutline(patient, filter), placeholderData: keepPreviousData });
  const narrowed = isNarrowed(search);
  const waiting = useWaiting(patient, (outline.data?.categories.document ?? 0) > 0);
  useKeys(page);
  const shown = outline.data && !outline.isPlaceholderData ? outline.data : undefined;
  return (
    <div className="stack" ref={page}>
      <div className="spread">
        <PageHeading>{t("record.timeline")}</PageHeading>
        {outline.data && (
          <p className="muted" role="status">
            {narrowed
              ? t("timeline.some", { shown: outline.data.total, count: outline.data.all })
              : t("timeline.total", { count: outline.data.all })}
          </p>
        )}
      </div>
      <div className={css.tools}>
        <Words
          key={q === undefined ? "none" : "some"}
          value={q ?? ""}
          onWords={(words) => onSearch({ ...search, q: words, at: undefined })}
        />
        <div className="row">
          <Button
            size="small"
            icon={<IconFolderOpen size={18} aria-hidden />}
            aria-pressed={search.open === true}
            onClick={() => onSearch({ ...search, open: search.open ? undefined : true })}
          >
            {t("timeline.openAll")}
          </Button>
          <ButtonLink
            size="small"
            to="/record/$patient/compare"
            params={{ patient }}
            icon={<IconArrowsDiff size={18} aria-hidden />}
          >
            {t("compare.open")}
          </ButtonLink>
          <ButtonLink
            size="small"
            to="/record/$patient/print"
            params={{ patient }}
            search={{ category, label, from, to, abnormal, by, q }}
            icon={<IconPrinter size={18} aria-hidden />}
          >
            {t("document.print")}
          </ButtonLink>
        </div>
      </div>
      <Filters patient={patient} search={search} outline={outline.data} own={own} onSearch={onSearch} />
      {q && <InDocuments patient={patient} words={q} />}
      {(outline.isPending || outline.isPlaceholderData) && <Skeleton rows={8} height={60} />}
      {outline.error && <ErrorNote error={outline.error} onRetry={() => outline.refetch()} />}
      {shown?.total === 0 && (
        <Empty
          icon={<IconHistory />}
          title={t(narrowed ? "timeline.noMatch" : "timeline.empty")}
          action={narrowed && <Button onClick={() => onSearch(cleared(search))}>{t("timeline.clear")}</Button>}
        >
          {t(narrowed ? "timeline.noMatchText" : "timeline.emptyText")}
        </Empty>
      )}
      {shown && shown.total > 0 && (
        <>
          <TimelineList
            patient={patient}
            own={own}
            filter={filter}
            outline={shown}
            allOpen={search.open === true || narrowed}
            at={search.at}
            onAt={(at) => onSearch({ ...search, at })}
            waiting={waiting}
          />
          <p className={css.end}>{t("timeline.end")}</p>
        </>
      )}
    </div>
  );
}

const WAIT_MS = 300;

/** Words that are looked for when one stops typing. */
function Words({ value, onWords }: { value: string; onWords: (words: string | undefined) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const tell = useRef(onWords);
  tell.current = onWords;
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => tell.current(text.trim() || undefined), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return <SearchField label={t("timeline.search")} value={text} onText={setText} />;
}

/** How many values of each document wait for a person. */
function useWaiting(patient: string, any: boolean): ReadonlyMap<string, number> {
  const found = useInfiniteQuery({ ...documents(patient, {}, 100), enabled: any });
  const pages = found.data?.pages;
  return useMemo(() => {
    const items = (pages ?? []).flatMap((page) => page.items);
    return new Map(
      items.filter((item) => item.toConfirm > 0 && item.mayConfirm).map((item) => [item.id, item.toConfirm]),
    );
  }, [pages]);
}

/** Keys that work wherever the focus is, but for fields that are written in: "/" looks for words, j and k go through the entries. */
function useKeys(page: React.RefObject<HTMLDivElement | null>) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const writing = target.closest("input, textarea, select, [role=dialog]");
      if (writing || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === "/") {
        event.preventDefault();
        page.current?.querySelector<HTMLInputElement>("input[type=search]")?.focus();
      }
      const list = page.current?.querySelector<HTMLElement>("section[aria-busy]");
      if (list && (event.key === "j" || event.key === "k")) {
        event.preventDefault();
        stepFrom(list, event.key === "j" ? 1 : -1);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [page]);
}
