import "@/lib/laterWords";
import { IconPencilCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { editSessions, edits } from "@/api/edits";
import { useHeld, usePart } from "@/api/family";
import type { Account } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { EditCard } from "./EditCard";
import { SessionCard } from "./SessionCard";

/** What is proposed for a record: the patient answers here, the practitioner lands it here. */
export function ChangesPage({ account, only }: { account: Account; only?: number }) {
  const { t } = useTranslation();
  const held = useHeld();
  const part = usePart();
  // Who only looks at a part is refused: nothing there is theirs to answer.
  const refused = part === true && !held?.acts;
  const list = useQuery({ ...edits, enabled: part !== undefined && !refused });
  // A visit's session is about all of the record.
  const sessions = useQuery({ ...editSessions, enabled: part === false });
  const patient = account.role === "patient";
  const all = list.data?.filter((each) => only === undefined || each.id === only);
  const waiting = all?.filter((each) => each.state === "waiting") ?? [];
  const past = all?.filter((each) => each.state !== "waiting") ?? [];
  const current = only === undefined ? (sessions.data?.filter((each) => each.state !== "ended") ?? []) : [];
  return (
    <Page title={t("edits.title")} lead={t(patient ? "edits.lead" : "edits.leadDoctor")} narrow>
      {part && <Banner>{t(held?.acts ? "part.edits" : "part.looks")}</Banner>}
      {list.isPending && !refused && <Skeleton rows={2} height={180} />}
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {current.length > 0 && (
        <Section title={t("edits.sessions")}>
          {current.map((each) => (
            <SessionCard key={each.id} session={each} patient={patient} />
          ))}
        </Section>
      )}
      {all && all.length === 0 && current.length === 0 && (
        <Empty icon={<IconPencilCheck />} title={t("edits.empty")}>
          {t(patient ? "edits.emptyText" : "edits.emptyDoctor")}
        </Empty>
      )}
      {waiting.length > 0 && (
        <Section title={t("edits.waiting")}>
          {waiting.map((each) => (
            <EditCard key={each.id} edit={each} patient={patient} />
          ))}
        </Section>
      )}
      {past.length > 0 && (
        <Section title={t("edits.past")}>
          {past.map((each) => (
            <EditCard key={each.id} edit={each} patient={patient} />
          ))}
        </Section>
      )}
    </Page>
  );
}
