import { IconHeartHandshake, IconLink, IconPlus, IconQrcode } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { accessRequests, grants } from "@/api/consent";
import { usePart, useSay } from "@/api/family";
import { ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { CarerRow, useCarers } from "./Carers";
import { GrantCard } from "./GrantCard";
import { Pause } from "./Pause";
import { RequestCard } from "./RequestCard";
import { ShareCode } from "./ShareCode";

const PartNote = lazy(() => import("@/ui/PartNote"));
const PartBanner = lazy(() => import("@/ui/PartBanner"));

/** Who may read what, who asked, and who could once. */
export function SharingPage({ renew, duties }: { renew?: number; duties?: ReactNode }) {
  const { t } = useTranslation();
  const part = usePart();
  const say = useSay();
  const given = useQuery({ ...grants, enabled: part === false || say === "part" });
  // What others ask for is about the whole record.
  const requests = useQuery({ ...accessRequests, enabled: part === false });
  // Who looks after a part of it only is not told who else does.
  const carers = useCarers();
  const all = say === "all" ? carers : [];
  const open = requests.data?.filter((request) => request.state === "open") ?? [];
  const active = given.data?.filter((grant) => grant.state === "active") ?? [];
  const past = given.data?.filter((grant) => grant.state !== "active") ?? [];
  if (part === undefined) {
    return (
      <Page title={t("sharing.title")} lead={t("sharing.lead")}>
        <Skeleton rows={2} height={140} />
      </Page>
    );
  }
  if (part && say === "none") {
    return (
      <Page title={t("sharing.title")} lead={t("sharing.lead")}>
        <Suspense fallback={<Skeleton rows={1} height={120} />}>
          <PartNote what="sharing" icon={<IconHeartHandshake />} />
        </Suspense>
      </Page>
    );
  }
  return (
    <Page
      title={t("sharing.title")}
      lead={t("sharing.lead")}
      action={
        say !== "none" && (
          <div className="row">
            {say === "all" && (
              <ButtonLink to="/desk" icon={<IconQrcode aria-hidden />}>
                {t("desk.open")}
              </ButtonLink>
            )}
            <ButtonLink kind="main" to="/sharing/new" icon={<IconPlus aria-hidden />}>
              {t("sharing.new")}
            </ButtonLink>
          </div>
        )
      }
    >
      {duties}
      {say === "part" && (
        <Suspense>
          <PartBanner what="gives" />
        </Suspense>
      )}
      {requests.error && <ErrorNote error={requests.error} onRetry={() => requests.refetch()} />}
      {open.length > 0 && (
        <Section title={t("sharing.requests")}>
          {open.map((request) => (
            <RequestCard key={request.id} request={request} />
          ))}
        </Section>
      )}
      <Section title={t("sharing.active")}>
        {given.isPending && <Skeleton rows={2} height={140} />}
        {given.error && <ErrorNote error={given.error} onRetry={() => given.refetch()} />}
        {given.data && active.length === 0 && (
          <Empty
            icon={<IconHeartHandshake />}
            title={t(say === "part" ? "sharing.emptyPart" : all.length > 0 ? "sharing.emptyBut" : "sharing.empty")}
          >
            {t(say === "part" ? "sharing.emptyPartText" : "sharing.emptyText")}
          </Empty>
        )}
        {active.map((grant) => (
          <GrantCard key={grant.id} grant={grant} renewing={grant.id === renew} />
        ))}
      </Section>
      {all.length > 0 && (
        <Section
          title={t("sharing.carers")}
          action={
            <ButtonLink kind="quiet" size="small" to="/family">
              {t("home.manage")}
            </ButtonLink>
          }
        >
          <List label={t("sharing.carers")}>
            {all.map((one) => (
              <CarerRow key={one.id} one={one} />
            ))}
          </List>
        </Section>
      )}
      <Pause />
      {say === "all" && <ShareCode />}
      {part === false && (
        <Section title={t("links.title")}>
          <p>{t("links.lead")}</p>
          <div>
            <ButtonLink to="/links" icon={<IconLink aria-hidden />}>
              {t("links.manage")}
            </ButtonLink>
          </div>
        </Section>
      )}
      {past.length > 0 && (
        <Section title={t("sharing.past")}>
          {past.map((grant) => (
            <GrantCard key={grant.id} grant={grant} />
          ))}
        </Section>
      )}
    </Page>
  );
}
