import { IconCheckupList, IconChevronDown, IconChevronRight, IconFileSearch } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Entry, Group } from "@/api/types";
import { CategoryIcon } from "@/fhir/categories";
import { Flag } from "@/fhir/Flag";
import { GroupHead } from "@/fhir/GroupHead";
import { standing } from "@/fhir/standing";
import { plainTitle } from "@/fhir/words";
import { formatDate } from "@/lib/dates";
import { Tag } from "@/ui/Chip";
import { keyOf, type Row, tally } from "./layout";
import css from "./Timeline.module.css";

interface RowProps {
  /** Handed down: a subscription to the language for each part of each line would cost more than the line. */
  t: TFunction;
  row: Row;
  top: number;
  patient: string;
  own: boolean;
  /** Values of this document that wait for a person. */
  waiting: number;
}

/** One line of the timeline. Plain links and buttons: what they do is decided once, where the list is. */
export const TimelineRow = memo(function TimelineRow({ t, row, top, patient, own, waiting }: RowProps) {
  return (
    <div className={css.slot} style={{ transform: `translateY(${top}px)`, height: row.height }} data-key={row.key}>
      {row.kind === "head" && <Head group={row.group} foldable={row.foldable} open={row.open} />}
      {row.kind === "fold" && <Fold t={t} group={row.group} />}
      {row.kind === "entry" && (
        <div className={`${css.entry} ${row.first ? css.first : ""} ${row.last ? css.last : ""}`}>
          <EntryLine t={t} entry={row.entry} patient={patient} own={own} waiting={waiting} />
        </div>
      )}
    </div>
  );
});

function Head({ group, foldable, open }: { group: Group; foldable: boolean; open: boolean }) {
  const { t, i18n } = useTranslation();
  const day = group.visit?.start ?? group.date;
  // Two visits may have one name, and a date is said as it is written above: the day tells them apart.
  const name = [group.visit?.title, day ? formatDate(day, i18n.language) : t("timeline.undated")].filter(Boolean);
  return (
    <div className={css.head}>
      <GroupHead group={group} />
      {foldable && (
        <button
          type="button"
          className={css.toggle}
          data-fold={keyOf(group)}
          data-row
          aria-expanded={open}
          aria-label={t(open ? "timeline.fold" : "timeline.unfold", { name: name.join(", ") })}
        >
          {open ? <IconChevronDown aria-hidden /> : <IconChevronRight className={css.mirror} aria-hidden />}
        </button>
      )}
    </div>
  );
}

/** How many kinds have room on the two lines of a folded visit; on a phone a picture stands for its word. */
const KINDS = { phone: 6, desk: 9 };

/** What a folded visit holds: one look says whether it is worth opening. Read aloud it is all there, however little room there is. */
function Fold({ t, group }: { t: TFunction; group: Group }) {
  const { categories, unusual } = tally(group);
  const said = categories.map(([category, count]) => `${t(`category.${category}`)} ${count}`);
  // One that is left over takes hardly more room than its number would.
  const shown = (room: number) => (categories.length > room + 1 ? room : categories.length);
  const [onPhone, onDesk] = [shown(KINDS.phone), shown(KINDS.desk)];
  return (
    <button type="button" className={css.fold} data-fold={keyOf(group)}>
      {unusual > 0 && <Tag tone="warn">{t("timeline.unusual", { count: unusual })}</Tag>}
      <span className="visually-hidden">{said.join(", ")}</span>
      {categories.slice(0, onDesk).map(([category, count], at) => (
        <span key={category} className={at < onPhone ? css.piece : `${css.piece} ${css.deskOnly}`} aria-hidden>
          <CategoryIcon category={category} size={16} />
          <span className={css.deskOnly}>{t(`category.${category}`)}</span> {count}
        </span>
      ))}
      <Left className={css.phoneOnly} count={categories.length - onPhone} />
      <Left className={css.deskOnly} count={categories.length - onDesk} />
    </button>
  );
}

function Left({ className, count }: { className: string | undefined; count: number }) {
  return count > 0 ? (
    <span className={className} aria-hidden>
      +{count}
    </span>
  ) : null;
}

function EntryLine({ t, entry, patient, own, waiting }: Omit<RowProps, "row" | "top"> & { entry: Entry }) {
  const base = `/record/${encodeURIComponent(patient)}`;
  const source = entry.document;
  const state = standing(entry);
  return (
    <>
      <a className={css.link} href={`${base}/entry/${entry.type}/${entry.id}`} data-row data-entry>
        <span className={css.icon}>
          <CategoryIcon category={entry.category} />
          <span className="visually-hidden">{t(`category.${entry.category}`)}: </span>
        </span>
        <span className={css.words}>
          <span className={css.title}>{plainTitle(entry.title)}</span>
          {(entry.detail || entry.own) && (
            <span className={css.detail}>
              {entry.own && <span className={css.own}>{t(own ? "timeline.byYou" : "timeline.byPatient")}</span>}
              {entry.own && entry.detail && " \u00b7 "}
              {entry.detail}
            </span>
          )}
        </span>
        <span className={css.end}>
          {entry.value && <span className={css.value}>{entry.value.text}</span>}
          <Flag flag={entry.value?.flag} />
          {state && <span className={css.status}>{state}</span>}
        </span>
      </a>
      {source && (
        <a
          className={css.aside}
          href={`${base}/documents/${source}?observation=${encodeURIComponent(entry.id)}`}
          data-entry
          aria-label={t("timeline.inDocument", { title: plainTitle(entry.title) })}
          title={t("entry.inDocument")}
        >
          <IconFileSearch size={20} aria-hidden />
        </a>
      )}
      {waiting > 0 && (
        <a
          className={`${css.aside} ${css.waiting}`}
          href={own ? `/documents/${entry.id}/review` : `${base}/documents/${entry.id}`}
          data-entry
        >
          <IconCheckupList size={18} aria-hidden />
          {t("documents.toConfirm", { count: waiting })}
        </a>
      )}
    </>
  );
}
