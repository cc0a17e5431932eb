import "@/lib/appsWords";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { allowApp, appRefusal, appRequest, denyApp } from "@/api/apps";
import { Problem } from "@/api/client";
import { myPatients } from "@/api/doctor";
import type { Account, AppRequest } from "@/api/types";
import { formatDate } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, RadioList, SelectField } from "@/ui/Field";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import css from "./Apps.module.css";
import { type Line, lines } from "./words";

const DAYS = ["30", "90", "365"] as const;
type Days = (typeof DAYS)[number];
const DAY_MS = 86_400_000;

/** An app asks to come in. Everything it wants stands here in words, and each part can be left out. */
export function AuthorizePage({ id, account }: { id: string; account: Account }) {
  const { t } = useTranslation();
  const request = useQuery(appRequest(id));
  if (request.isPending) {
    return (
      <Page title={t("apps.asking")} narrow>
        <Skeleton rows={4} height={72} />
      </Page>
    );
  }
  if (request.error) {
    const over = request.error instanceof Problem && request.error.status === 404;
    return (
      <Page title={t("apps.asking")} narrow>
        {over ? (
          <Empty title={t("apps.overTitle")}>{t("apps.overText")}</Empty>
        ) : (
          <ErrorNote error={request.error} onRetry={() => request.refetch()} />
        )}
      </Page>
    );
  }
  return <Question id={id} account={account} request={request.data} />;
}

function Question({ id, account, request }: { id: string; account: Account; request: AppRequest }) {
  const { t } = useTranslation();
  const all = lines(t, request.wishes);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [days, setDays] = useState<Days>("90");
  const [patient, setPatient] = useState("");
  const kept = all.filter((line) => !left.has(line.key));
  const scopes = kept.flatMap((line) => line.scopes);
  const offline = request.offline && scopes.includes("offline_access");
  const onward = (answer: { redirect: string }) => window.location.assign(answer.redirect);
  const allow = useMutation({
    mutationFn: () =>
      allowApp(id, {
        scopes,
        ...(request.needsPatient ? { patient } : {}),
        ...(offline ? { days: Number(days) } : {}),
      }),
    onSuccess: onward,
  });
  const deny = useMutation({ mutationFn: () => denyApp(id), onSuccess: onward });
  const toggle = (line: Line) => {
    const next = new Set(left);
    if (!next.delete(line.key)) next.add(line.key);
    setLeft(next);
  };
  const { name, verified } = request.app;
  const ready = kept.some((line) => !line.needed) && (!request.needsPatient || patient !== "");
  return (
    <Page title={t("apps.title", { name })} lead={t("apps.lead", { name, account: account.name })} narrow>
      {!verified && <Banner kind="warn" title={t("apps.unverified", { name })} />}
      <Card>
        <Facts>
          <Fact label={t("apps.app")}>
            {name} {verified && <Tag tone="ok">{t("apps.verified")}</Tag>}
          </Fact>
          <Fact label={t("apps.returnsTo")}>{request.returnsTo}</Fact>
        </Facts>
      </Card>
      {request.needsPatient && <PatientChoice value={patient} onPick={setPatient} />}
      <Section title={t("apps.may", { name })}>
        <div className={css.wishes}>
          {all
            .filter((line) => !line.needed)
            .map((line) => (
              <CheckField
                key={line.key}
                label={line.title}
                hint={line.writes ? t("apps.writes") : undefined}
                checked={!left.has(line.key)}
                onCheck={() => toggle(line)}
              />
            ))}
        </div>
      </Section>
      <Section title={t("apps.untilTitle")}>
        {offline ? (
          <RadioList
            label={t("apps.untilTitle")}
            hideLabel
            value={days}
            onPick={setDays}
            options={DAYS.map((each) => ({ value: each, label: <Until days={Number(each)} /> }))}
          />
        ) : (
          <p>{t("apps.untilSession")}</p>
        )}
        <p className="muted small">{t("apps.revocable")}</p>
      </Section>
      {(allow.error || deny.error) && <ErrorNote error={allow.error ?? deny.error} />}
      <div className={css.answer}>
        <Button busy={deny.isPending} onClick={() => deny.mutate()}>
          {t("apps.deny")}
        </Button>
        <Button kind="main" disabled={!ready} busy={allow.isPending} onClick={() => allow.mutate()}>
          {t("apps.allow")}
        </Button>
      </div>
    </Page>
  );
}

function Until({ days }: { days: number }) {
  const { t, i18n } = useTranslation();
  const end = new Date(Date.now() + days * DAY_MS).toISOString();
  return <>{t("apps.untilDay", { day: formatDate(end, i18n.language), count: days })}</>;
}

/** A doctor says about whom; the app sees this record and no other. */
function PatientChoice({ value, onPick }: { value: string; onPick: (patient: string) => void }) {
  const { t } = useTranslation();
  const list = useQuery(myPatients());
  if (list.isPending) return <Skeleton rows={1} height={72} />;
  if (list.error) return <ErrorNote error={list.error} onRetry={() => list.refetch()} />;
  const options = list.data.map((each) => ({ value: each.id, label: each.name }));
  return (
    <Section title={t("apps.patient")}>
      {options.length === 0 ? (
        <Banner kind="info" title={t("apps.noPatients")} />
      ) : (
        <SelectField
          label={t("apps.patientLabel")}
          value={value}
          options={[{ value: "", label: t("apps.choose") }, ...options]}
          onPick={onPick}
        />
      )}
    </Section>
  );
}

/** Shown before going back to an app that nobody here knows: anybody can put an address on the list and send people on. */
export function ReturnPage({ what }: { what: string }) {
  const { t } = useTranslation();
  const refusal = useQuery(appRefusal(what));
  if (refusal.isPending) {
    return (
      <Page title={t("apps.refusedTitle")} narrow>
        <Skeleton rows={2} height={72} />
      </Page>
    );
  }
  if (refusal.error) return <RefusedPage />;
  const { app, reason, returnsTo, back } = refusal.data;
  return (
    <Page title={t("apps.refusedTitle")} narrow>
      <Banner kind="warn" title={t("apps.unverified", { name: app })} />
      <Card>
        <Facts>
          <Fact label={t("apps.app")}>{app}</Fact>
          <Fact label={t("apps.reason")}>{reason}</Fact>
          <Fact label={t("apps.returnsTo")}>{returnsTo}</Fact>
        </Facts>
      </Card>
      <p>{t("apps.returnText")}</p>
      <div className={css.answer}>
        <Button onClick={() => window.location.assign(back)}>{t("apps.return", { host: returnsTo })}</Button>
      </div>
    </Page>
  );
}

/** Shown instead of going back: whoever sent the browser here may not be the app. */
export function RefusedPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("apps.refusedTitle")} narrow>
      <Empty icon={<IconAlertTriangle aria-hidden />} title={t("apps.refusedLead")}>
        {t("apps.refusedText")}
      </Empty>
    </Page>
  );
}
