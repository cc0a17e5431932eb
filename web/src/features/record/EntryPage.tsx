import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/auth";
import { isGone } from "@/api/client";
import { editSessions } from "@/api/edits";
import { isPart, useHeld } from "@/api/family";
import { type Resource, resource } from "@/api/record";
import { Flag } from "@/fhir/Flag";
import { observed, tell, titleOf } from "@/fhir/facts";
import { flagOf } from "@/fhir/flags";
import { Generic } from "@/fhir/Generic";
import { kindName } from "@/fhir/kinds";
import type { Attachment } from "@/fhir/types";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeading, Section, useTitle } from "@/ui/Page";
import { Scroll } from "@/ui/Scroll";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { useAddedBy } from "./addedBy";
import { Correct } from "./Correct";
import { EntryExtras } from "./EntryExtras";
import css from "./EntryPage.module.css";
import { Labels } from "./Labels";
import { TimelineBack } from "./TimelineBack";
import { Versions } from "./Versions";

interface EntryProps {
  patient: string;
  type: string;
  id: string;
  /** Shows the entry itself where its document would be shown. */
  exact?: boolean;
  /** The patient came here to say that it is wrong. */
  wrong?: boolean;
  /** What a practitioner proposes of it. */
  amend?: (entry: Resource) => ReactNode;
}

/** One entry of the record: readable first, exact on demand. */
export function EntryPage({ patient, type, id, exact, wrong = false, amend }: EntryProps) {
  const { t } = useTranslation();
  const entry = useQuery(resource(patient, type, id));
  useTitle(entry.data ? titleOf(entry.data) : kindName(t, type));
  if (!exact && entry.data && isFile(entry.data)) {
    return <Navigate to="/record/$patient/documents/$id" params={{ patient, id }} replace />;
  }
  return (
    <div className="stack">
      <TimelineBack patient={patient} />
      {entry.isPending && <Skeleton rows={3} height={96} />}
      {entry.error &&
        (isGone(entry.error) ? (
          <Empty title={t("entry.gone")}>{t("entry.goneText")}</Empty>
        ) : (
          <ErrorNote error={entry.error} onRetry={() => entry.refetch()} />
        ))}
      {entry.data && <EntryView resource={entry.data} patient={patient} wrong={wrong} amend={amend} />}
    </div>
  );
}

/** Whether it is a file that was added here, which has a page of its own. */
const isFile = (item: Resource): boolean =>
  item.resourceType === "DocumentReference" &&
  ((item.content as { attachment?: Attachment }[] | undefined) ?? []).some(
    ({ attachment }) => attachment?.url === `/api/documents/${item.id}/content`,
  );

type ViewProps = Pick<EntryProps, "patient" | "amend"> & { resource: Resource; wrong: boolean };

function EntryView({ resource: item, patient, wrong, amend }: ViewProps) {
  const { t, i18n } = useTranslation();
  const [raw, setRaw] = useState(false);
  const { data: current } = useQuery(session);
  const own = current?.account.patient === patient;
  const addedBy = useAddedBy(patient);
  const held = useHeld();
  // Guardians, and whoever acts in all of a record, ask in its patient's name.
  const corrects = own || (held?.patient.id === patient && held.acts && !isPart(held));
  const doctor = current?.account.role === "practitioner";
  const visits = useQuery({ ...editSessions, enabled: doctor });
  const visiting = doctor && visits.data?.some((visit) => visit.state === "open" && visit.patient.id === patient);
  const facts = tell(item, { t, locale: i18n.language, patient });
  const value = item.resourceType === "Observation" ? observed(item, i18n.language) : "";
  return (
    <>
      <header className={css.head}>
        <p className="muted">{kindName(t, item.resourceType)}</p>
        <PageHeading>{titleOf(item)}</PageHeading>
        {value && (
          <p className={css.value}>
            {value} <Flag flag={flagOf(item)} />
          </p>
        )}
        {enteredByPatient(item) && <p className="muted">{addedBy}</p>}
      </header>
      <EntryExtras resource={item} patient={patient} />
      <Card>
        {facts ? (
          <Facts>
            {facts.map((fact, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two facts may carry one label, and they never move.
              <Fact key={i} label={fact.label}>
                <span className={css.lines}>{fact.value}</span>
              </Fact>
            ))}
          </Facts>
        ) : (
          <Generic resource={item} patient={patient} />
        )}
      </Card>
      {(own || visiting) && item.resourceType !== "Patient" && (
        <Labels patient={patient} type={item.resourceType} id={item.id ?? ""} own={own} />
      )}
      {corrects && item.resourceType !== "Patient" && !enteredByPatient(item) && (
        <Correct type={item.resourceType} id={item.id ?? ""} title={titleOf(item)} begun={wrong} />
      )}
      {doctor && !enteredByPatient(item) && amend?.(item)}
      <Versions patient={patient} type={item.resourceType} id={item.id ?? ""} />
      <Section
        title={t("entry.exact")}
        action={
          <Button kind="quiet" size="small" aria-expanded={raw} onClick={() => setRaw(!raw)}>
            {t(raw ? "entry.hideRaw" : "entry.showRaw")}
          </Button>
        }
      >
        <p className="muted small">
          {t("entry.source", { type: item.resourceType, id: item.id ?? "" })}
          {item.meta?.lastUpdated && (
            <>
              {" \u00b7 "}
              {t("entry.updated")} <When value={item.meta.lastUpdated} />
            </>
          )}
        </p>
        {raw && (
          <Scroll className={css.raw} label={t("entry.raw")}>
            <pre>{JSON.stringify(item, null, 2)}</pre>
          </Scroll>
        )}
      </Section>
    </>
  );
}

/** What patients enter themselves they change themselves. */
function enteredByPatient(item: Resource): boolean {
  return item.meta?.tag?.some((tag) => tag.code === "patient-entered") ?? false;
}
