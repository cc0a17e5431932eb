import { IconHistory } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { timeline } from "@/api/record";
import { CATEGORIES, type Category } from "@/api/types";
import { CategoryIcon, counted } from "@/fhir/categories";
import { Button } from "@/ui/Button";
import { Chip, ChipBar } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { TimelineList } from "./TimelineList";
import css from "./TimelinePage.module.css";
import { YearBar } from "./YearBar";

export interface TimelineSearch {
  category?: Category[];
  year?: number;
}

interface TimelineProps {
  patient: string;
  search: TimelineSearch;
  onSearch: (search: TimelineSearch) => void;
}

/** The whole history, newest first. What is filtered stands in the address, so that it can be kept and shared. */
export function TimelinePage({ patient, search, onSearch }: TimelineProps) {
  const { t } = useTranslation();
  useTitle(t("record.timeline"));
  const categories = search.category ?? [];
  const filter = { categories, to: search.year ? `${search.year}-12-31` : undefined };
  const pages = useInfiniteQuery({ ...timeline(patient, filter), placeholderData: keepPreviousData });
  const whole = useInfiniteQuery(timeline(patient, { categories: [] }));
  const overview = whole.data?.pages[0];

  const toggle = (category: Category) => {
    const next = categories.includes(category)
      ? categories.filter((each) => each !== category)
      : [...categories, category];
    onSearch({ ...search, category: next.length > 0 ? CATEGORIES.filter((each) => next.includes(each)) : undefined });
  };

  const groups = pages.data?.pages.flatMap((page) => page.groups) ?? [];
  return (
    <div className="stack">
      <div className="spread">
        <PageHeading>{t("record.timeline")}</PageHeading>
        {overview?.total != null && <p className="muted">{t("timeline.total", { count: overview.total })}</p>}
      </div>
      <ChipBar label={t("timeline.filter")}>
        {categories.length > 0 && (
          <Button kind="quiet" size="small" onClick={() => onSearch({ ...search, category: undefined })}>
            {t("timeline.clear")}
          </Button>
        )}
        {counted(overview?.counts ?? {}).map(({ category, count }) => (
          <Chip key={category} pressed={categories.includes(category)} count={count} onPress={() => toggle(category)}>
            {!categories.includes(category) && <CategoryIcon category={category} size={16} />}
            {t(`category.${category}`)}
          </Chip>
        ))}
      </ChipBar>
      <div className={css.columns}>
        <YearBar years={overview?.years ?? []} year={search.year} onYear={(year) => onSearch({ ...search, year })} />
        <div className={css.list} aria-busy={pages.isFetching}>
          {pages.isPending && <Skeleton rows={8} height={60} />}
          {pages.error && <ErrorNote error={pages.error} onRetry={() => pages.refetch()} />}
          {pages.data && groups.length === 0 && (
            <Empty
              icon={<IconHistory />}
              title={t(categories.length > 0 || search.year ? "timeline.noMatch" : "timeline.empty")}
            >
              {t(categories.length > 0 || search.year ? "timeline.noMatchText" : "timeline.emptyText")}
            </Empty>
          )}
          {groups.length > 0 && (
            <TimelineList
              groups={groups}
              patient={patient}
              more={pages.hasNextPage}
              loading={pages.isFetchingNextPage}
              onMore={() => pages.fetchNextPage()}
            />
          )}
        </div>
      </div>
    </div>
  );
}
