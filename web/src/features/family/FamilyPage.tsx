import { IconPlus, IconUsers } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isGone } from "@/api/client";
import { family, takeUpLetter } from "@/api/family";
import type { Account } from "@/api/types";
import { takeLetter } from "@/lib/letter";
import { openProfile } from "@/lib/profile";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { ChildDialog } from "./ChildDialog";
import { DelegateDialog } from "./DelegateDialog";
import { DelegationCard } from "./DelegationCard";

/** Whom one looks after, and who looks after one. */
export function FamilyPage({ account }: { account: Account }) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<"child" | "delegate" | null>(null);
  const all = useQuery(family);
  const live = all.data?.filter((one) => one.state !== "ended") ?? [];
  const asked = live.filter((one) => one.mine && one.state === "waiting");
  const mine = live.filter((one) => one.mine && one.state === "active");
  const theirs = live.filter((one) => !one.mine);
  const past = all.data?.filter((one) => one.state === "ended") ?? [];
  const close = () => setDialog(null);
  const letter = useLetter();
  // Whom one lets look after one's record is said while it is open, and not another's.
  const own = openProfile() === null;
  return (
    <Page
      title={t("family.title")}
      lead={t("family.lead")}
      action={
        <Button kind="main" icon={<IconPlus aria-hidden />} onClick={() => setDialog("child")}>
          {t("family.addChild")}
        </Button>
      }
    >
      {all.isPending && <Skeleton rows={2} height={100} />}
      {all.error && <ErrorNote error={all.error} onRetry={() => all.refetch()} />}
      {letter &&
        (isGone(letter) ? <Banner kind="warn">{t("family.letterGone")}</Banner> : <ErrorNote error={letter} />)}
      {asked.length > 0 && (
        <Section title={t("family.asked")}>
          {asked.map((one) => (
            <DelegationCard key={one.id} one={one} account={account.id} />
          ))}
        </Section>
      )}
      <Section title={t("family.mine")}>
        {all.data && mine.length === 0 && (
          <Empty icon={<IconUsers />} title={t("family.empty")}>
            {t("family.emptyText")}
          </Empty>
        )}
        {mine.map((one) => (
          <DelegationCard key={one.id} one={one} account={account.id} />
        ))}
      </Section>
      <Section
        title={t("family.theirs")}
        action={own && <Button onClick={() => setDialog("delegate")}>{t("family.askSomebody")}</Button>}
      >
        {!own && <p className="muted">{t("family.ownFirst")}</p>}
        {all.data && theirs.length === 0 && <p className="muted">{t("family.nobody")}</p>}
        {theirs.map((one) => (
          <DelegationCard key={one.id} one={one} account={account.id} />
        ))}
      </Section>
      {past.length > 0 && (
        <Section title={t("family.past")}>
          {past.map((one) => (
            <DelegationCard key={one.id} one={one} account={account.id} />
          ))}
        </Section>
      )}
      <ChildDialog open={dialog === "child"} onClose={close} />
      <DelegateDialog open={dialog === "delegate"} onClose={close} />
    </Page>
  );
}

/** Takes up the question of a letter whose link led here; says what is wrong with it, if anything is. */
function useLetter(): Error | null {
  const client = useQueryClient();
  const { mutate, error } = useMutation({
    mutationFn: takeUpLetter,
    onSuccess: () => client.invalidateQueries({ queryKey: family.queryKey }),
  });
  useEffect(() => {
    const secret = takeLetter();
    if (secret) mutate(secret);
  }, [mutate]);
  return error;
}
