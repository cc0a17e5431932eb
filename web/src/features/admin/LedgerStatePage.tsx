import "@/lib/laterWords";
import { IconShieldCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ledgerState, verifyLedger } from "@/api/admin";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts, Metric } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./Admin.module.css";

const TONES = { signs: "ok", silent: "warn", stranger: "warn", dissents: "high" } as const;

/** The state of the ledger as a whole, and a full recomputation on demand. */
export function LedgerStatePage() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const state = useQuery(ledgerState);
  const check = useMutation({
    mutationFn: verifyLedger,
    onSuccess: async (fresh) => {
      // An answer that was asked for before this one knows nothing of it.
      await client.cancelQueries({ queryKey: ledgerState.queryKey });
      client.setQueryData(ledgerState.queryKey, fresh);
    },
  });
  const verified = state.data?.verified;
  return (
    <Page
      title={t("adminLedger.title")}
      lead={t("adminLedger.lead")}
      action={
        <Button
          kind="main"
          icon={<IconShieldCheck aria-hidden />}
          busy={check.isPending}
          onClick={() => check.mutate()}
        >
          {t("adminLedger.verify")}
        </Button>
      }
    >
      {state.isPending && <Skeleton rows={3} height={96} />}
      {(state.error ?? check.error) && <ErrorNote error={state.error ?? check.error} onRetry={() => state.refetch()} />}
      {state.data && (
        <>
          {verified ? (
            <Banner kind={verified.ok ? "ok" : "error"} title={t(verified.ok ? "adminLedger.good" : "adminLedger.bad")}>
              {t("adminLedger.checked", { count: verified.size })} <When value={verified.time} relative />
              {verified.detail && <p>{verified.detail}</p>}
            </Banner>
          ) : (
            <Banner>{t("adminLedger.never")}</Banner>
          )}
          <div className="two">
            <Metric label={t("adminLedger.size")} value={state.data.size.toLocaleString(i18n.language)} />
            <Metric
              label={t("adminLedger.lastCheckpoint")}
              value={
                state.data.lastCheckpointTime ? (
                  <When value={state.data.lastCheckpointTime} relative />
                ) : (
                  t("adminLedger.none")
                )
              }
            />
          </div>
          <Section title={t("adminLedger.witnesses")}>
            <Card>
              {state.data.witnesses.length === 0 && <p className="muted">{t("adminLedger.noWitnesses")}</p>}
              <Facts>
                {state.data.witnesses.map((each) => (
                  <Fact key={each.key} label={each.name}>
                    <Tag tone={TONES[each.state ?? "silent"]}>{t(`adminLedger.witness.${each.state ?? "new"}`)}</Tag>{" "}
                    {each.signed && (
                      <>
                        {t("adminLedger.signedSize", { count: each.size ?? 0 })} <When value={each.signed} relative />
                      </>
                    )}
                  </Fact>
                ))}
              </Facts>
            </Card>
          </Section>
          <Section title={t("adminLedger.checkpoint")}>
            <Card>
              <Facts>
                <Fact label={t("adminLedger.root")}>
                  <code className="mono">{state.data.root}</code>
                </Fact>
                <Fact label={t("adminLedger.note")}>
                  <pre className={`mono ${css.note}`}>{state.data.checkpoint}</pre>
                </Fact>
              </Facts>
            </Card>
          </Section>
        </>
      )}
    </Page>
  );
}
