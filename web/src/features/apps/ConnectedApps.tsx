import "@/lib/appsWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connectedApps, revokeApp } from "@/api/apps";
import type { ConnectedApp } from "@/api/types";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Confirm, Dialog } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Apps.module.css";
import { ChangeApp } from "./ChangeApp";
import { lines } from "./words";

/** The apps one let in: what each may do, since when, until when, and the ways to let it do less or to end it. For the account page. */
export function ConnectedApps() {
  const { t } = useTranslation();
  const list = useQuery(connectedApps);
  return (
    <Section title={t("apps.connected")} id="apps">
      {list.isPending && <Skeleton rows={1} height={76} />}
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data?.length === 0 && <p className="muted">{t("apps.none")}</p>}
      {list.data && list.data.length > 0 && (
        <List label={t("apps.connected")}>
          {list.data.map((each) => (
            <li key={each.id}>
              <AppRow permission={each} />
            </li>
          ))}
        </List>
      )}
    </Section>
  );
}

function AppRow({ permission }: { permission: ConnectedApp }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [changing, setChanging] = useState(false);
  const { name, verified } = permission.app;
  const revoke = useMutation({
    mutationFn: () => revokeApp(permission.id),
    onSuccess: () => {
      setAsking(false);
      client.invalidateQueries({ queryKey: ["apps"] });
      toast(t("apps.ended", { name }));
    },
  });
  return (
    <div className={css.row}>
      <div className={css.words}>
        <p className="strong">
          {name} {!verified && <Tag tone="warn">{t("apps.unverifiedTag")}</Tag>}
        </p>
        <ul className={css.plain}>
          {lines(t, permission.wishes)
            .filter((line) => !line.needed)
            .map((line) => (
              <li key={line.key}>{line.title}</li>
            ))}
        </ul>
        <p className="muted small">
          {t("apps.since")} <When value={permission.created} />
          {" \u00b7 "}
          {permission.session ? (
            t("apps.untilSessionShort")
          ) : (
            <>
              {t("apps.until")} <When value={permission.until} />
            </>
          )}
          {permission.lastUsed && (
            <>
              {" \u00b7 "}
              {t("apps.lastUsed")} <When value={permission.lastUsed} relative />
            </>
          )}
        </p>
      </div>
      <Button size="small" kind="quiet" onClick={() => setChanging(true)}>
        {t("apps.change")}
        <span className="visually-hidden"> {name}</span>
      </Button>
      <Button size="small" onClick={() => setAsking(true)}>
        {t("apps.end")}
        <span className="visually-hidden"> {name}</span>
      </Button>
      <Dialog open={changing} title={t("apps.changeTitle", { name })} onClose={() => setChanging(false)}>
        {changing && <ChangeApp permission={permission} onClose={() => setChanging(false)} />}
      </Dialog>
      <Confirm
        open={asking}
        title={t("apps.endTitle", { name })}
        confirm={t("apps.end")}
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{t("apps.endText")}</p>
        {revoke.error && <ErrorNote error={revoke.error} />}
      </Confirm>
    </div>
  );
}
