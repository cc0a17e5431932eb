import "@/lib/laterWords";
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { health } from "@/api/admin";
import { formatBytes } from "@/lib/format";
import { Card, Fact, Facts, List, Metric } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./Admin.module.css";

const LOOKS = {
  ok: { tone: "ok", Icon: IconCheck },
  warn: { tone: "warn", Icon: IconAlertTriangle },
  error: { tone: "high", Icon: IconX },
} as const;

/** How the server is doing, read again every quarter of a minute. */
export function HealthPage({ children }: { children?: ReactNode }) {
  const { t, i18n } = useTranslation();
  const state = useQuery(health);
  const number = (value: number) => value.toLocaleString(i18n.language);
  return (
    <Page title={t("health.title")} lead={t("health.lead")}>
      {state.isPending && <Skeleton rows={4} height={96} />}
      {state.error && <ErrorNote error={state.error} onRetry={() => state.refetch()} />}
      {state.data && (
        <>
          <Section title={t("health.checks")}>
            <List label={t("health.checks")}>
              {state.data.checks.map((check) => {
                const { tone, Icon } = LOOKS[check.state];
                return (
                  <li key={check.name} className={css.check}>
                    <span className="strong">{check.name}</span>
                    <span className="muted">{check.detail}</span>
                    <Tag tone={tone} icon={<Icon aria-hidden />}>
                      {t(`health.state.${check.state}`)}
                    </Tag>
                  </li>
                );
              })}
            </List>
          </Section>
          <div className={css.metrics}>
            {(["accounts", "patients", "resources", "grants"] as const).map((name) => (
              <Metric key={name} label={t(`health.count.${name}`)} value={number(state.data.counts[name])} />
            ))}
          </div>
          <Card>
            <Facts>
              <Fact label={t("health.version")}>{state.data.version}</Fact>
              <Fact label={t("health.started")}>
                <When value={state.data.started} relative />
              </Fact>
              <Fact label={t("health.database")}>
                {state.data.database.engine} {"\u00b7"} {formatBytes(state.data.database.bytes, i18n.language)}
              </Fact>
              <Fact label={t("health.memory")}>{formatBytes(state.data.process.memoryBytes, i18n.language)}</Fact>
              <Fact label={t("health.requests")}>
                {t("health.requestsText", {
                  total: number(state.data.requests.total),
                  errors: number(state.data.requests.errors),
                })}
              </Fact>
            </Facts>
          </Card>
        </>
      )}
      {children}
    </Page>
  );
}
