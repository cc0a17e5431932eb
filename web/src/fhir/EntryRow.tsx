import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Entry } from "@/api/types";
import { formatTime } from "@/lib/dates";
import { When } from "@/ui/When";
import { CategoryIcon } from "./categories";
import css from "./EntryRow.module.css";
import { Flag } from "./Flag";
import { standing } from "./standing";
import { plainTitle } from "./words";

interface RowProps {
  entry: Entry;
  /** Whose record; without it the row leads nowhere, as in a preview. */
  patient?: string;
  showDate?: boolean;
}

/** One entry of a record: what it is, its value, and a word when something is out of the ordinary. */
export function EntryRow({ entry, patient, showDate }: RowProps) {
  const { t, i18n } = useTranslation();
  // A day is not enough for somebody who is to be there.
  const meeting = entry.type === "Appointment" && entry.date?.includes("T") && formatTime(entry.date, i18n.language);
  const state = standing(entry);
  const content = (
    <>
      <span className={css.icon} title={t(`category.${entry.category}`)}>
        <CategoryIcon category={entry.category} />
        <span className="visually-hidden">{t(`category.${entry.category}`)}: </span>
      </span>
      <span className={css.words}>
        <span className={css.title}>{plainTitle(entry.title)}</span>
        {(entry.detail || showDate || meeting) && (
          <span className={css.detail}>
            {/* First what is short: only two lines are shown. */}
            {showDate && entry.date && <When value={entry.date} />}
            {showDate && entry.date && (meeting || entry.detail) && " \u00b7 "}
            {meeting}
            {meeting && entry.detail && " \u00b7 "}
            {entry.detail}
          </span>
        )}
      </span>
      <span className={css.end}>
        {entry.value && <span className={css.value}>{entry.value.text}</span>}
        <Flag flag={entry.value?.flag} />
        {state && <span className={css.status}>{state}</span>}
      </span>
    </>
  );
  if (!patient) return <div className={css.row}>{content}</div>;
  return (
    <Link
      to="/record/$patient/entry/$type/$id"
      params={{ patient, type: entry.type, id: entry.id }}
      className={`${css.row} ${css.link}`}
    >
      {content}
    </Link>
  );
}
