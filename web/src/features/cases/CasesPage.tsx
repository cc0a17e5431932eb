import "@/lib/laterWords";
import { IconMessageQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { cases } from "@/api/cases";
import { usePart } from "@/api/family";
import type { Role } from "@/api/types";
import { ButtonLink } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { CaseCard } from "./CaseCard";

const PartNote = lazy(() => import("@/ui/PartNote"));

/** Questions about who read a record, and their answers: the patient's own, a reader's, or all of them for administrators. */
export function CasesPage({ role }: { role: Role }) {
  const { t } = useTranslation();
  const part = usePart();
  const list = useQuery({ ...cases, enabled: part === false });
  const asks = role === "patient";
  if (part) {
    return (
      <Page title={t("cases.title")} lead={t("cases.lead")} narrow>
        <Suspense fallback={<Skeleton rows={1} height={120} />}>
          <PartNote what="cases" icon={<IconMessageQuestion />} />
        </Suspense>
      </Page>
    );
  }
  return (
    <Page
      title={t("cases.title")}
      lead={t(asks ? "cases.lead" : "cases.leadStaff")}
      narrow
      action={asks && <ButtonLink to="/ledger">{t("cases.toLedger")}</ButtonLink>}
    >
      {list.isPending && <Skeleton rows={2} height={180} />}
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data?.length === 0 && (
        <Empty icon={<IconMessageQuestion />} title={t("cases.empty")}>
          {t(asks ? "cases.emptyText" : "cases.emptyStaff")}
        </Empty>
      )}
      <div className="stack">
        {list.data?.map((one) => (
          <CaseCard key={one.id} one={one} role={role} />
        ))}
      </div>
    </Page>
  );
}
