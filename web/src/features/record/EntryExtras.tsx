import { IconFileSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { type Resource, resource, series, several, visitDays } from "@/api/record";
import { ReferenceDisplay } from "@/fhir/Displays";
import { EntryRow } from "@/fhir/EntryRow";
import { Flag } from "@/fhir/Flag";
import { observed } from "@/fhir/facts";
import { flagOf, flagOfWhole } from "@/fhir/flags";
import { NoteText } from "@/fhir/NoteText";
import type { Attachment, CodeableConcept, Period, Reference } from "@/fhir/types";
import { concept, decodeText, narrative, range, target } from "@/fhir/words";
import { isoDay, parseDate } from "@/lib/dates";
import { ButtonLink } from "@/ui/Button";
import { Card, Fact, Facts, List } from "@/ui/Card";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { DIASTOLIC, SYSTOLIC } from "./vitals";

const SeriesChart = lazy(async () => ({ default: (await import("./SeriesChart")).SeriesChart }));

interface Props {
  resource: Resource;
  patient: string;
}

/** What makes an entry worth opening: its course, its parts, its text, what happened in the visit. */
export function EntryExtras({ resource: item, patient }: Props) {
  switch (item.resourceType) {
    case "Observation":
      return <ObservationExtras resource={item} patient={patient} />;
    case "DiagnosticReport":
      return <ReportExtras resource={item} patient={patient} />;
    case "DocumentReference":
      return <DocumentExtras resource={item} patient={patient} />;
    case "Encounter":
      return <VisitExtras resource={item} patient={patient} />;
    default:
      return null;
  }
}

function ObservationExtras({ resource: item, patient }: Props) {
  const { t, i18n } = useTranslation();
  const components = (item.component as Record<string, unknown>[] | undefined) ?? [];
  const own = (item.code as CodeableConcept | undefined)?.coding?.[0]?.code;
  const parts = components.map((part) => (part.code as CodeableConcept | undefined)?.coding?.[0]?.code);
  const pressure = parts.includes(SYSTOLIC) || parts.includes(DIASTOLIC);
  const code = pressure ? SYSTOLIC : item.valueQuantity ? own : undefined;
  return (
    <>
      {components.length > 0 && (
        <Card>
          <Facts>
            {components.map((part, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: components of one observation never move.
              <Fact key={i} label={concept(part.code as CodeableConcept)}>
                <span className="row">
                  <span className="strong">{observed(part, i18n.language)}</span>
                  <Flag flag={flagOf(part)} />
                </span>
              </Fact>
            ))}
          </Facts>
        </Card>
      )}
      {code && <Course code={code} patient={patient} title={t("entry.course")} />}
      <Sources resource={item} patient={patient} />
    </>
  );
}

/** The documents that a value was read from, with the place where it stands. */
function Sources({ resource: item, patient }: Props) {
  const { t } = useTranslation();
  const sources = ((item.derivedFrom as Reference[] | undefined) ?? []).flatMap((each) => target(each) ?? []);
  const ids = sources.filter(({ type }) => type === "DocumentReference").map(({ id }) => id);
  if (ids.length === 0) return null;
  return (
    <div className="row">
      {ids.map((id) => (
        <ButtonLink
          key={id}
          to="/record/$patient/documents/$id"
          params={{ patient, id }}
          search={{ observation: item.id }}
          icon={<IconFileSearch aria-hidden />}
        >
          {t("entry.inDocument")}
        </ButtonLink>
      ))}
    </div>
  );
}

function Course({ code, patient, title }: { code: string; patient: string; title: string }) {
  const data = useQuery(series(patient, code));
  // A single reading has no course, and a code without a series is not an error to the reader.
  if (!data.data || data.data.points.length < 2) return null;
  return (
    <Section title={title}>
      <Suspense fallback={<Skeleton rows={1} height={320} />}>
        <SeriesChart patient={patient} code={code} />
      </Suspense>
    </Section>
  );
}

function ReportExtras({ resource: item, patient }: Props) {
  const { t } = useTranslation();
  const references = (item.result as Reference[] | undefined) ?? [];
  const ids = references.flatMap((each) => target(each)?.id ?? []);
  const results = useQuery(several(patient, "Observation", ids));
  const forms = (item.presentedForm as Attachment[] | undefined) ?? [];
  return (
    <>
      {references.length > 0 && (
        <Section title={t("entry.results")}>
          {results.isLoading ? (
            <Skeleton rows={references.length} height={44} />
          ) : (
            <Card>
              <Facts>
                {references.map((reference) => (
                  <ResultRow
                    key={reference.reference ?? reference.display}
                    reference={reference}
                    result={results.data?.find((each) => each.id === target(reference)?.id)}
                    patient={patient}
                  />
                ))}
              </Facts>
            </Card>
          )}
        </Section>
      )}
      <Texts
        attachments={forms}
        fallback={narrative((item.text as { div?: string } | undefined)?.div)}
        patient={patient}
      />
    </>
  );
}

function ResultRow({
  reference,
  result,
  patient,
}: {
  reference: Reference;
  result: Resource | undefined;
  patient: string;
}) {
  const { i18n } = useTranslation();
  const name = result ? concept(result.code as CodeableConcept) : (reference.display ?? "");
  const usual = range((result?.referenceRange as Parameters<typeof range>[0][] | undefined)?.[0], i18n.language);
  return (
    <Fact label={name}>
      <span className="spread">
        <span className="row">
          <span className="strong">
            <ReferenceDisplay
              value={{
                reference: reference.reference,
                display: (result && observed(result, i18n.language)) || reference.display || name,
              }}
              patient={patient}
            />
          </span>
          <Flag flag={result && flagOfWhole(result)} />
        </span>
        {usual && <span className="muted small">{usual}</span>}
      </span>
    </Fact>
  );
}

function DocumentExtras({ resource: item, patient }: Props) {
  const contents = (item.content as { attachment?: Attachment }[] | undefined) ?? [];
  const attachments = contents.flatMap((each) => each.attachment ?? []);
  return (
    <Texts
      attachments={attachments}
      fallback={narrative((item.text as { div?: string } | undefined)?.div)}
      patient={patient}
    />
  );
}

function Texts({ attachments, fallback, patient }: { attachments: Attachment[]; fallback: string; patient: string }) {
  const { t } = useTranslation();
  const shown = attachments.filter((each) => each.data || each.url);
  if (shown.length === 0 && !fallback) return null;
  return (
    <Section title={t("entry.text")}>
      {shown.map((each, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: attachments have no identity and never move.
        <Card key={i}>
          <AttachmentText attachment={each} patient={patient} />
        </Card>
      ))}
      {shown.length === 0 && (
        <Card>
          <NoteText text={fallback} />
        </Card>
      )}
    </Section>
  );
}

function AttachmentText({ attachment, patient }: { attachment: Attachment; patient: string }) {
  const { t } = useTranslation();
  const binary = /(?:^|\/)Binary\/([A-Za-z0-9.-]{1,64})$/.exec(attachment.url ?? "")?.[1];
  const fetched = useQuery({
    ...resource(patient, "Binary", binary ?? ""),
    enabled: !attachment.data && binary !== undefined,
  });
  const data = attachment.data ?? (fetched.data?.data as string | undefined);
  const type = attachment.contentType ?? (fetched.data?.contentType as string | undefined) ?? "";
  if (fetched.isLoading) return <Skeleton rows={2} height={24} />;
  if (!data || !(type.startsWith("text/") || type.includes("xml") || type.includes("json"))) {
    return <p className="muted">{t("entry.notText", { name: attachment.title ?? type })}</p>;
  }
  const text = decodeText(data);
  return <NoteText text={/html|xml/.test(type) ? narrative(text) : text} />;
}

function VisitExtras({ resource: item, patient }: Props) {
  const { t } = useTranslation();
  const period = item.period as Period | undefined;
  const from = period?.start ? isoDay(parseDate(period.start)) : "";
  const to = period?.end ? isoDay(parseDate(period.end)) : from;
  const days = useQuery({ ...visitDays(patient, from, to), enabled: from !== "" });
  const entries = (days.data?.groups ?? [])
    .filter((group) => group.visit?.id === item.id)
    .flatMap((group) => group.entries)
    .filter((entry) => entry.id !== item.id);
  if (days.isLoading) return <Skeleton rows={3} height={60} />;
  if (entries.length === 0) return null;
  return (
    <Section title={t("entry.inVisit", { count: entries.length })}>
      <List>
        {entries.map((entry) => (
          <li key={`${entry.type}/${entry.id}`}>
            <EntryRow entry={entry} patient={patient} />
          </li>
        ))}
      </List>
    </Section>
  );
}
