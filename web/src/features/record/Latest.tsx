import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { timeline } from "@/api/record";
import { EntryRow } from "@/fhir/EntryRow";
import { ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";

const SHOWN = 6;

/** The newest entries, with a way to all of them. */
export function Latest({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(timeline(patient, { categories: [] }));
  const first = pages.data?.pages[0];
  const entries = (first?.groups ?? [])
    .flatMap((group) => group.entries)
    .filter((entry) => entry.category !== "billing")
    .slice(0, SHOWN);
  return (
    <Section
      title={t("home.latest")}
      action={
        first?.total ? (
          <ButtonLink kind="quiet" size="small" to="/record/$patient/timeline" params={{ patient }}>
            {t("home.allEntries", { count: first.total })}
          </ButtonLink>
        ) : null
      }
    >
      {pages.isPending && <Skeleton rows={4} height={60} />}
      {pages.error && <ErrorNote error={pages.error} onRetry={() => pages.refetch()} />}
      {first && entries.length === 0 && (
        <Empty icon={<IconHistory />} title={t("timeline.empty")}>
          {t("timeline.emptyText")}
        </Empty>
      )}
      {entries.length > 0 && (
        <List label={t("home.latest")}>
          {entries.map((entry) => (
            <li key={`${entry.type}/${entry.id}`}>
              <EntryRow entry={entry} patient={patient} showDate />
            </li>
          ))}
        </List>
      )}
    </Section>
  );
}
