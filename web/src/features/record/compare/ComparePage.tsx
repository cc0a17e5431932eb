import { IconArrowDownRight, IconArrowUpRight, IconEqual, IconScale } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { comparison } from "@/api/record";
import type { ComparedCourse, ComparedReading, Entry } from "@/api/types";
import { CategoryIcon } from "@/fhir/categories";
import { Flag } from "@/fhir/Flag";
import { plainTitle } from "@/fhir/words";
import { Tag, type Tone } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, TextField } from "@/ui/Field";
import { PageHeading, Section, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { useAddedBy } from "../addedBy";
import { BackLink } from "../BackLink";
import css from "./Compare.module.css";
import { type Change, changeOf, difference } from "./difference";

export interface Days {
  before: string;
  after: string;
}

interface CompareProps {
  patient: string;
  days: Days;
  onDays: (days: Days) => void;
}

/** Two days side by side: what each value was and is, and what began and ended in between. */
export function ComparePage({ patient, days, onDays }: CompareProps) {
  const { t } = useTranslation();
  useTitle(t("compare.title"));
  const [all, setAll] = useState(false);
  const ordered = days.before !== "" && days.after !== "" && days.before < days.after;
  // What was compared before never stands under other days.
  const found = useQuery({ ...comparison(patient, days.before, days.after), enabled: ordered });
  const issue = found.error instanceof Problem ? found.error : null;
  const readings = found.data?.readings ?? [];
  const changed = readings.filter(({ before, after }) => before?.id !== after?.id);
  const shown = all ? readings : changed;
  const courses = found.data?.courses ?? [];
  return (
    <div className="stack-loose">
      <BackLink to="/record/$patient/timeline" params={{ patient }}>
        {t("record.timeline")}
      </BackLink>
      <div className="stack">
        <PageHeading>{t("compare.title")}</PageHeading>
        <p className="muted">{t("compare.lead")}</p>
        <div className="two">
          <TextField
            label={t("compare.before")}
            type="date"
            value={days.before}
            max={days.after}
            error={ordered ? issue?.issue("before") : undefined}
            onText={(before) => onDays({ ...days, before })}
          />
          <TextField
            label={t("compare.after")}
            type="date"
            value={days.after}
            min={days.before}
            error={ordered ? issue?.issue("after") : t("compare.order")}
            onText={(after) => onDays({ ...days, after })}
          />
        </div>
      </div>
      {ordered && found.isPending && <Skeleton rows={6} height={64} />}
      {ordered && found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {ordered && found.data && (
        <>
          {readings.length === 0 && courses.length === 0 && (
            <Empty icon={<IconScale />} title={t("compare.empty")}>
              {t("compare.emptyText")}
            </Empty>
          )}
          {courses.length > 0 && <Courses courses={courses} patient={patient} />}
          {readings.length > 0 && (
            <Section
              title={t("compare.values")}
              action={
                changed.length < readings.length && (
                  <CheckField
                    label={t("compare.alsoSame", { count: readings.length - changed.length })}
                    checked={all}
                    onCheck={setAll}
                  />
                )
              }
            >
              {shown.length === 0 ? (
                <p className="muted">{t("compare.nothingNew")}</p>
              ) : (
                <Values readings={shown} patient={patient} days={days} />
              )}
            </Section>
          )}
        </>
      )}
    </div>
  );
}

function Values({ readings, patient, days }: { readings: ComparedReading[]; patient: string; days: Days }) {
  const { t } = useTranslation();
  return (
    <table className={css.table}>
      <caption className="visually-hidden">{t("compare.values")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("compare.what")}</th>
          <th scope="col">
            <When value={days.before} />
          </th>
          <th scope="col">
            <When value={days.after} />
          </th>
          <th scope="col">{t("compare.difference")}</th>
        </tr>
      </thead>
      <tbody>
        {readings.map((reading) => (
          <tr key={reading.after?.id ?? reading.before?.id}>
            <th scope="row">{plainTitle(reading.title)}</th>
            <td data-label={t("compare.before")}>
              <Value entry={reading.before} patient={patient} />
            </td>
            <td data-label={t("compare.after")}>
              <Value entry={reading.after} patient={patient} />
            </td>
            <td data-label={t("compare.difference")}>
              <Differs reading={reading} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ entry, patient }: { entry: Entry | null; patient: string }) {
  const { t } = useTranslation();
  const addedBy = useAddedBy(patient);
  if (!entry?.value) return <span className="muted">{t("compare.none")}</span>;
  return (
    <span className={css.value}>
      <Link to="/record/$patient/entry/$type/$id" params={{ patient, type: entry.type, id: entry.id }}>
        {entry.value.text}
      </Link>
      <Flag flag={entry.value.flag} />
      {entry.date && (
        <small>
          <When value={entry.date} />
        </small>
      )}
      {entry.own && <small>{addedBy}</small>}
    </span>
  );
}

const ICONS = { up: IconArrowUpRight, down: IconArrowDownRight, same: IconEqual };

function Differs({ reading }: { reading: ComparedReading }) {
  const { t } = useTranslation();
  const found = difference(reading.before, reading.after);
  if (!found) {
    const same = reading.before !== null && reading.before.id === reading.after?.id;
    return <span className="muted">{t(same ? "compare.notMeasured" : "compare.notComparable")}</span>;
  }
  const Icon = ICONS[found.direction];
  return (
    <span className={css.differs}>
      <Icon size={18} aria-hidden />
      {found.text}
      {found.unit === "%" ? "%" : ` ${found.unit}`}
    </span>
  );
}

const ORDER: Change[] = ["began", "ended", "unclear", "perhaps", "stayed"];
const TONES: Record<Change, Tone> = {
  began: "accent",
  ended: "neutral",
  unclear: "warn",
  perhaps: "neutral",
  stayed: "neutral",
};

function Courses({ courses, patient }: { courses: ComparedCourse[]; patient: string }) {
  const { t } = useTranslation();
  return (
    <div className={css.groups}>
      {ORDER.map((change) => {
        const these = courses.filter((course) => changeOf(course) === change);
        if (these.length === 0) return null;
        return (
          <Section key={change} title={t(`compare.${change}`)}>
            {change === "unclear" && <p className="muted small">{t("compare.unclearText")}</p>}
            <ul className={css.courses}>
              {these.map((course) => (
                <li key={`${course.category} ${course.title}`}>
                  <Link
                    to="/record/$patient/entry/$type/$id"
                    params={{ patient, type: course.entry.type, id: course.entry.id }}
                    className={css.course}
                  >
                    <CategoryIcon category={course.category} size={20} />
                    <span>
                      {plainTitle(course.title)}
                      {course.entry.detail && <small className={css.detail}>{course.entry.detail}</small>}
                    </span>
                    {change !== "stayed" && change !== "perhaps" && (
                      <Tag tone={TONES[change]}>{t(`compare.tag.${change}`)}</Tag>
                    )}
                  </Link>
                </li>
              ))}
            </ul>
          </Section>
        );
      })}
    </div>
  );
}
