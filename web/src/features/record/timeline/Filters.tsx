import { IconAdjustmentsHorizontal, IconAlertCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { timelineChoices } from "@/api/record";
import { CATEGORIES, type Category, LABELS, type Label, type Outline } from "@/api/types";
import { CategoryIcon, counted } from "@/fhir/categories";
import { Button } from "@/ui/Button";
import { Chip, ChipBar } from "@/ui/Chip";
import { SelectField, TextField } from "@/ui/Field";
import { cleared, isNarrowed, moreFilters, type TimelineSearch } from "./search";
import css from "./TimelinePage.module.css";

interface FiltersProps {
  patient: string;
  search: TimelineSearch;
  outline: Outline | undefined;
  own: boolean;
  onSearch: (search: TimelineSearch) => void;
}

const toggled = <T,>(all: readonly T[], chosen: readonly T[], one: T): T[] | undefined => {
  const next = all.filter((each) => (each === one ? !chosen.includes(one) : chosen.includes(each)));
  return next.length > 0 ? next : undefined;
};

/** What is shown: kinds on one line, the rest behind a button. */
export function Filters({ patient, search, outline, own, onSearch }: FiltersProps) {
  const { t } = useTranslation();
  const [more, setMore] = useState(moreFilters(search) > 0);
  const categories = search.category ?? [];
  const hidden = moreFilters(search);
  const toggle = (category: Category) =>
    onSearch({ ...search, category: toggled(CATEGORIES, categories, category), at: undefined });
  return (
    <div className="stack">
      <ChipBar label={t("timeline.filter")}>
        {isNarrowed(search) && (
          <Button kind="quiet" size="small" onClick={() => onSearch(cleared(search))}>
            {t("timeline.clear")}
          </Button>
        )}
        <Chip
          pressed={search.abnormal === true}
          onPress={() => onSearch({ ...search, abnormal: search.abnormal ? undefined : true, at: undefined })}
        >
          {!search.abnormal && <IconAlertCircle size={16} aria-hidden />}
          {t("timeline.onlyUnusual")}
        </Chip>
        {counted(outline?.categories ?? {}).map(({ category, count }) => (
          <Chip key={category} pressed={categories.includes(category)} count={count} onPress={() => toggle(category)}>
            {!categories.includes(category) && <CategoryIcon category={category} size={16} />}
            {t(`category.${category}`)}
          </Chip>
        ))}
      </ChipBar>
      <div>
        <Button
          kind="quiet"
          size="small"
          icon={<IconAdjustmentsHorizontal size={18} aria-hidden />}
          aria-expanded={more}
          onClick={() => setMore(!more)}
        >
          {hidden > 0 ? t("timeline.moreFiltersOn", { count: hidden }) : t("timeline.moreFilters")}
        </Button>
      </div>
      {more && <More patient={patient} search={search} outline={outline} own={own} onSearch={onSearch} />}
    </div>
  );
}

function More({ patient, search, outline, own, onSearch }: FiltersProps) {
  const { t } = useTranslation();
  const choices = useQuery(timelineChoices(patient));
  const labels = LABELS.filter((label) => (outline?.labels[label] ?? 0) > 0 || search.label?.includes(label));
  const nameOf = (name: string | null) => name ?? t(own ? "timeline.byYou" : "timeline.byPatient");
  const sources = (choices.data?.sources ?? []).map(({ source, name, count }) => ({
    value: source,
    label: t("timeline.source", { name: nameOf(name), count }),
  }));
  const known = !search.by || sources.some(({ value }) => value === search.by);
  const change = (part: TimelineSearch) => onSearch({ ...search, ...part, at: undefined });
  return (
    <div className={css.more}>
      <div className={css.fields}>
        <TextField
          label={t("timeline.from")}
          type="date"
          value={search.from ?? ""}
          max={search.to}
          onText={(from) => change({ from: from || undefined })}
        />
        <TextField
          label={t("timeline.to")}
          type="date"
          value={search.to ?? ""}
          min={search.from}
          onText={(to) => change({ to: to || undefined })}
        />
        <SelectField
          label={t("timeline.by")}
          value={search.by ?? ""}
          options={[
            { value: "", label: t("timeline.anybody") },
            ...(known || !search.by ? [] : [{ value: search.by, label: t("timeline.chosenSource") }]),
            ...sources,
          ]}
          onPick={(by) => change({ by: by || undefined })}
        />
      </div>
      {labels.length > 0 && (
        <ChipBar label={t("labels.title")}>
          {labels.map((label: Label) => (
            <Chip
              key={label}
              pressed={search.label?.includes(label) ?? false}
              count={outline?.labels[label]}
              onPress={() => change({ label: toggled(LABELS, search.label ?? [], label) })}
            >
              {t(`label.${label}`)}
            </Chip>
          ))}
        </ChipBar>
      )}
    </div>
  );
}
