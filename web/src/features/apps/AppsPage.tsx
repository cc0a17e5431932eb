import "@/lib/appsWords";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { confirmApp, registeredApps, strikeApp } from "@/api/apps";
import type { RegisteredApp } from "@/api/types";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Confirm } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Apps.module.css";
import { RegisterAppDialog } from "./RegisterAppDialog";

/** The apps that may ask people here. An administrator puts them on the list and strikes them off. */
export function AppsPage() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const list = useQuery(registeredApps);
  return (
    <Page
      title={t("apps.list")}
      lead={t("apps.listLead")}
      action={
        <Button kind="main" icon={<IconPlus aria-hidden />} onClick={() => setAdding(true)}>
          {t("apps.add")}
        </Button>
      }
    >
      {list.isPending && <Skeleton rows={3} height={76} />}
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data?.length === 0 && <Empty title={t("apps.listEmpty")}>{t("apps.listEmptyText")}</Empty>}
      {list.data && list.data.length > 0 && (
        <List label={t("apps.list")}>
          {list.data.map((each) => (
            <li key={each.id}>
              <Row app={each} />
            </li>
          ))}
        </List>
      )}
      <RegisterAppDialog open={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function Row({ app }: { app: RegisteredApp }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState<"strike" | "confirm" | null>(null);
  const confirm = useMutation({
    mutationFn: () => confirmApp(app.id),
    onSuccess: () => {
      setAsking(null);
      client.invalidateQueries({ queryKey: ["admin", "apps"] });
      toast(t("apps.confirmed", { name: app.name }));
    },
  });
  const strike = useMutation({
    mutationFn: () => strikeApp(app.id),
    onSuccess: () => {
      setAsking(null);
      client.invalidateQueries({ queryKey: ["admin", "apps"] });
      toast(t("apps.struck", { name: app.name }));
    },
  });
  const revoked = app.state === "revoked";
  return (
    <div className={css.row}>
      <div className={css.words}>
        <p className="strong">
          {app.name} {revoked && <Tag tone="high">{t("apps.struckTag")}</Tag>}{" "}
          {app.state === "waiting" && <Tag tone="warn">{t("apps.waits")}</Tag>}{" "}
          {app.registered === "dynamic" && <Tag tone="warn">{t("apps.itself")}</Tag>}
        </p>
        <p className="muted small">
          {t(`apps.kind.${app.kind}`)}
          {app.organization && ` \u00b7 ${app.organization}`}
          {app.kind !== "backend" && ` \u00b7 ${t("apps.people", { count: app.permissions })}`}
        </p>
        <p className="muted small">
          {t("apps.clientId")} <code className={css.code}>{app.clientId}</code>
        </p>
        {[...app.redirectUris, ...(app.scope ? [app.scope] : [])].map((each) => (
          <p key={each} className="muted small">
            <code className={css.code}>{each}</code>
          </p>
        ))}
        <p className="muted small">
          {t("apps.added")} <When value={app.created} />
          {app.registeredBy && ` \u00b7 ${t("apps.by", { name: app.registeredBy })}`}
        </p>
      </div>
      {app.confirmable && (
        <Button size="small" kind="main" onClick={() => setAsking("confirm")}>
          {t("apps.confirm")}
          <span className="visually-hidden"> {app.name}</span>
        </Button>
      )}
      {!revoked && (
        <Button size="small" onClick={() => setAsking("strike")}>
          {t("apps.strike")}
          <span className="visually-hidden"> {app.name}</span>
        </Button>
      )}
      <Confirm
        open={asking === "confirm"}
        title={t("apps.confirmTitle", { name: app.name })}
        confirm={t("apps.confirm")}
        busy={confirm.isPending}
        onConfirm={() => confirm.mutate()}
        onClose={() => setAsking(null)}
      >
        <p>{t("apps.confirmText", { by: app.registeredBy, organization: app.organization, scope: app.scope })}</p>
        {confirm.error && <ErrorNote error={confirm.error} />}
      </Confirm>
      <Confirm
        open={asking === "strike"}
        title={t("apps.strikeTitle", { name: app.name })}
        confirm={t("apps.strike")}
        danger
        busy={strike.isPending}
        onConfirm={() => strike.mutate()}
        onClose={() => setAsking(null)}
      >
        <p>{t("apps.strikeText")}</p>
        {strike.error && <ErrorNote error={strike.error} />}
      </Confirm>
    </div>
  );
}
