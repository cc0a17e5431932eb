import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { summary } from "@/api/record";
import type { SummarySection } from "@/api/types";
import { EntryRow } from "@/fhir/EntryRow";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { PageHeading, useTitle } from "@/ui/Page";
import css from "./SummaryPage.module.css";
import { VitalTiles } from "./VitalTiles";

const SHOWN = 6;

/** The record in the order of the International Patient Summary: what matters first, the past folded away. */
export function SummaryPage({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const { data } = useSuspenseQuery(summary(patient));
  useTitle(t("summary.tab", { name: data.patient.name }));
  return (
    <div className="stack-loose">
      <PageHeading>{t("record.summary")}</PageHeading>
      <VitalTiles patient={patient} most={4} />
      <div className={css.sections}>
        {data.sections.map((section) => (
          <SectionCard key={section.code} section={section} patient={patient} />
        ))}
      </div>
    </div>
  );
}

function SectionCard({ section, patient }: { section: SummarySection; patient: string }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const current = section.entries.filter((entry) => entry.active !== false);
  const past = section.entries.length - current.length;
  const going = all ? current : current.slice(0, SHOWN);
  // What is over stands apart from what goes on: a medicine of last year is none that is taken.
  const over = all ? section.entries.filter((entry) => entry.active === false) : [];
  const hidden = section.entries.length - going.length - over.length;
  return (
    <section className={css.section}>
      <h2>
        {section.title} <span className="muted small">{section.entries.length > 0 && section.entries.length}</span>
      </h2>
      {section.warning && <Banner kind="warn" title={section.warning} />}
      {section.entries.length === 0 ? (
        <p className={css.none}>{section.empty || t("summary.none")}</p>
      ) : (
        <>
          {going.length > 0 ? (
            <Entries label={section.title} entries={going} patient={patient} />
          ) : (
            <p className={css.none}>{t("summary.onlyPast")}</p>
          )}
          {over.length > 0 && (
            <>
              <h3 className={css.past}>{t("summary.past")}</h3>
              <Entries label={`${section.title}: ${t("summary.past")}`} entries={over} patient={patient} />
            </>
          )}
          {(hidden > 0 || all) && section.entries.length > (all ? Math.min(current.length, SHOWN) : 0) && (
            <div>
              <Button kind="quiet" size="small" onClick={() => setAll(!all)} aria-expanded={all}>
                {all
                  ? t("common.less")
                  : past > 0
                    ? t("summary.moreWithPast", { count: hidden })
                    : t("summary.more", { count: hidden })}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function Entries({ label, entries, patient }: { label: string; entries: SummarySection["entries"]; patient: string }) {
  return (
    <List label={label}>
      {entries.map((entry) => (
        <li key={`${entry.type}/${entry.id}`}>
          <EntryRow entry={entry} patient={patient} showDate />
        </li>
      ))}
    </List>
  );
}
