import "@/lib/vaultWords";
import { IconLock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { lockVault } from "@/api/openVault";
import type { MyVault, Vault } from "@/api/types";
import { discardVault, myVault } from "@/api/vault";
import { grouped } from "@/lib/vault/codes";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { Answers } from "./Answers";
import { Ask } from "./Ask";
import { Guardians } from "./Guardians";
import css from "./Sealed.module.css";
import { Sees, SetUp } from "./SetUp";
import { Trouble } from "./Trouble";
import { Unlock } from "./Unlock";
import { useVault } from "./useVault";
import { Ways } from "./Ways";

/** One's own vault: set up, opened and closed, with the ways into it. */
export default function VaultPage() {
  const { t } = useTranslation();
  const found = useQuery(myVault);
  const [setUp, setSetUp] = useState(false);
  const mine = found.data;
  // The steps stay until the last, although the vault is there after the second.
  const begins = mine && (setUp || !mine.vault);
  return (
    <Page title={t("vault.title")} lead={t("vault.lead")} narrow>
      {found.isPending && <Skeleton rows={2} height={120} />}
      {found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {begins && <SetUp onBegin={() => setSetUp(true)} onDone={() => setSetUp(false)} />}
      {mine?.vault && !begins && <Kept mine={mine} vault={mine.vault} />}
    </Page>
  );
}

function Kept({ mine, vault }: { mine: MyVault; vault: Vault }) {
  const { t } = useTranslation();
  const open = useVault();
  return (
    <>
      <Section title={t(open ? "vault.isOpen" : "vault.isClosed")}>
        {open ? (
          <Card>
            <div className={css.row}>
              <p>{t("vault.openText")}</p>
              <Button icon={<IconLock aria-hidden />} onClick={lockVault}>
                {t("vault.lock")}
              </Button>
            </div>
            <Facts>
              <Fact label={t("vault.code")}>
                <span className={css.code}>{grouped(vault.code)}</span>
              </Fact>
              <Fact label={t("vault.created")}>
                <When value={vault.created} />
              </Fact>
            </Facts>
            <p className="muted small">{t("vault.codeHint")}</p>
          </Card>
        ) : (
          <>
            <Unlock vault={vault} more={false} />
            <Ask vault={vault} />
          </>
        )}
      </Section>
      <Answers vault={open} />
      {open && <Ways vault={vault} open={open} />}
      {open && <Guardians vault={vault} open={open} />}
      {mine.guarding.length > 0 && (
        <Section title={t("vault.guarding")}>
          <p>{t("vault.guardingText", { names: mine.guarding.map((one) => one.name).join(", ") })}</p>
        </Section>
      )}
      <Section title={t("vault.aboutTitle")}>
        <Sees />
      </Section>
      <Discard />
    </>
  );
}

function Discard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const discard = useMutation({
    mutationFn: discardVault,
    onSuccess: (answer) => {
      lockVault();
      client.setQueryData(["vault"], answer);
      client.invalidateQueries({ queryKey: ["record"] });
      setAsking(false);
    },
  });
  return (
    <Section title={t("vault.discardTitle")}>
      <Banner kind="warn">{t("vault.discardText")}</Banner>
      <div>
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t("vault.discard")}
        </Button>
      </div>
      <Confirm
        open={asking}
        title={t("vault.discardTitle")}
        confirm={t("vault.discard")}
        danger
        busy={discard.isPending}
        onConfirm={() => discard.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{t("vault.discardText")}</p>
        <Trouble error={discard.error} />
      </Confirm>
    </Section>
  );
}
