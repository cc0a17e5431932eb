import { useTranslation } from "react-i18next";
import css from "./YearBar.module.css";

interface YearBarProps {
  years: { year: number; count: number }[];
  year: number | undefined;
  onYear: (year: number | undefined) => void;
}

/** Jumps to a year. Every year stands there, so that one sees how far the record reaches. */
export function YearBar({ years, year, onYear }: YearBarProps) {
  const { t } = useTranslation();
  if (years.length < 2) return <div />;
  const most = Math.max(...years.map((each) => each.count));
  return (
    <nav className={css.bar} aria-label={t("timeline.years")}>
      <button type="button" aria-pressed={year === undefined} onClick={() => onYear(undefined)}>
        {t("timeline.today")}
      </button>
      {[...years]
        .sort((a, b) => b.year - a.year)
        .map((each) => (
          <button
            key={each.year}
            type="button"
            aria-pressed={each.year === year}
            aria-label={t("timeline.year", { year: String(each.year), count: each.count })}
            onClick={() => onYear(each.year)}
          >
            {each.year}
            <span className={css.share} style={{ inlineSize: `${Math.max(8, (each.count / most) * 100)}%` }} />
          </button>
        ))}
    </nav>
  );
}
