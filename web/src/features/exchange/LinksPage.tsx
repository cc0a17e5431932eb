import { IconLink, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { healthLinks } from "@/api/exchange";
import { usePart } from "@/api/family";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { LinkCard } from "./LinkCard";
import { NewLinkDialog } from "./NewLinkDialog";

const PartNote = lazy(() => import("@/ui/PartNote"));

/** The links one has handed out, who opened them, and how to end them. */
export function LinksPage() {
  const { t } = useTranslation();
  const [making, setMaking] = useState(false);
  const part = usePart();
  const links = useQuery({ ...healthLinks, enabled: part === false });
  const active = links.data?.filter((link) => link.state === "active") ?? [];
  const past = links.data?.filter((link) => link.state !== "active") ?? [];
  if (part) {
    return (
      <Page title={t("links.title")} lead={t("links.lead")}>
        <Suspense fallback={<Skeleton rows={1} height={120} />}>
          <PartNote what="links" icon={<IconLink />} />
        </Suspense>
      </Page>
    );
  }
  return (
    <Page
      title={t("links.title")}
      lead={t("links.lead")}
      action={
        <Button kind="main" icon={<IconPlus aria-hidden />} onClick={() => setMaking(true)}>
          {t("links.new")}
        </Button>
      }
    >
      {links.isPending && <Skeleton rows={2} height={180} />}
      {links.error && <ErrorNote error={links.error} onRetry={() => links.refetch()} />}
      {links.data && active.length === 0 && (
        <Empty icon={<IconLink />} title={t("links.empty")}>
          {t("links.emptyText")}
        </Empty>
      )}
      {active.map((link) => (
        <LinkCard key={link.id} link={link} />
      ))}
      {past.length > 0 && (
        <Section title={t("links.past")}>
          {past.map((link) => (
            <LinkCard key={link.id} link={link} />
          ))}
        </Section>
      )}
      <NewLinkDialog open={making} onClose={() => setMaking(false)} />
    </Page>
  );
}
