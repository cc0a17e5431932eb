import { useTranslation } from "react-i18next";
import { DOCUMENT_SORTS, type DocumentFilter, type DocumentSort } from "@/api/documents";
import type { DocumentPage } from "@/api/types";
import { Button } from "@/ui/Button";
import { Chip, ChipBar } from "@/ui/Chip";
import { SelectField } from "@/ui/Field";
import css from "./Documents.module.css";
import { TYPES, typeName } from "./words";

interface FiltersProps {
  filter: DocumentFilter;
  page: DocumentPage | undefined;
  onFilter: (filter: DocumentFilter) => void;
}

/** What the list is narrowed to and how it is sorted. */
export function Filters({ filter, page, onFilter }: FiltersProps) {
  const { t } = useTranslation();
  const years = (page?.years ?? []).map(({ year, count }) => ({
    value: String(year),
    label: t("documents.yearOf", { year, count }),
  }));
  // What was chosen stays in sight, also when nothing of that year is left.
  const chosen = filter.year ? String(filter.year) : "";
  if (chosen && !years.some(({ value }) => value === chosen)) years.push({ value: chosen, label: chosen });
  const narrowed = filter.kind || filter.tag || filter.type || filter.year;
  // A phone has the list first; what is chosen there already stays in sight.
  const wide = window.innerWidth >= 700 || Boolean(filter.type || filter.year || filter.sort);
  const any = { value: "", label: t("documents.any") };
  return (
    <div className={css.filters}>
      {page && page.kinds.length + page.tags.length > 0 && (
        <ChipBar label={t("documents.filter")}>
          {narrowed && (
            <Button kind="quiet" size="small" onClick={() => onFilter({ q: filter.q, sort: filter.sort })}>
              {t("documents.clear")}
            </Button>
          )}
          {page.kinds.map(({ code, display, count }) => (
            <Chip
              key={code}
              pressed={filter.kind === code}
              count={count}
              onPress={() => onFilter({ ...filter, kind: filter.kind === code ? undefined : code })}
            >
              {display}
            </Chip>
          ))}
          {page.tags.map(({ tag, count }) => (
            <Chip
              key={tag}
              pressed={filter.tag === tag}
              count={count}
              onPress={() => onFilter({ ...filter, tag: filter.tag === tag ? undefined : tag })}
            >
              #{tag}
            </Chip>
          ))}
        </ChipBar>
      )}
      <details className={css.more} open={wide || undefined}>
        <summary>{t("documents.more")}</summary>
        <div className={css.selects}>
          <SelectField
            label={t("documents.typeOfFile")}
            value={filter.type ?? ""}
            options={[any, ...TYPES.map((type) => ({ value: type, label: typeName(t, type) }))]}
            onPick={(type) => onFilter({ ...filter, type: type || undefined })}
          />
          <SelectField
            label={t("documents.year")}
            value={chosen}
            options={[any, ...years]}
            onPick={(picked) => onFilter({ ...filter, year: picked ? Number(picked) : undefined })}
          />
          <SelectField<DocumentSort>
            label={t("documents.sort")}
            value={filter.sort ?? "added"}
            options={DOCUMENT_SORTS.map((each) => ({ value: each, label: t(`documents.sorted.${each}`) }))}
            onPick={(sort) => onFilter({ ...filter, sort: sort === "added" ? undefined : sort })}
          />
        </div>
      </details>
    </div>
  );
}
