import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { type Arrival, connections, disconnect, providers, startConnecting } from "@/api/providers";
import type { SignInConnection } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card, List } from "@/ui/Card";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./AccountPage.module.css";

/** The hospital's own sign-in among one's ways to sign in: for staff, where the operator named one. */
export function ProviderCard({ arrival }: { arrival?: Arrival }) {
  const { t } = useTranslation();
  const offered = useQuery(providers).data ?? [];
  const links = useQuery(connections);
  const connect = useMutation({
    mutationFn: startConnecting,
    onSuccess: ({ address }) => window.location.assign(address),
  });
  const all = links.data ?? [];
  if (offered.length === 0 && all.length === 0) return null;
  return (
    <Card>
      <h3>{t("provider.title")}</h3>
      <p className="muted">{t("provider.text")}</p>
      {arrival && (
        <Banner kind={arrival === "connected" ? "ok" : "warn"}>
          {t(arrival === "unknown" ? "provider.failed" : `provider.${arrival}`)}
        </Banner>
      )}
      {links.error && <ErrorNote error={links.error} onRetry={() => links.refetch()} />}
      {connect.error && <ErrorNote error={connect.error} />}
      {all.length > 0 && (
        <List label={t("provider.title")}>
          {all.map((link) => (
            <li key={link.id}>
              <ConnectionRow link={link} />
            </li>
          ))}
        </List>
      )}
      <div className="row">
        {offered.map(({ id, name }) => (
          <Button key={id} busy={connect.isPending && connect.variables === id} onClick={() => connect.mutate(id)}>
            {t("provider.connect", { name })}
          </Button>
        ))}
      </div>
    </Card>
  );
}

function ConnectionRow({ link }: { link: SignInConnection }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => disconnect(link.id),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: connections.queryKey });
      client.invalidateQueries({ queryKey: ["devices"] });
      toast(t("provider.removed", { name: link.provider }));
    },
    onSettled: () => setAsking(false),
  });
  const last = remove.error instanceof Problem && remove.error.kind === "last-method";
  return (
    <div className={css.device}>
      <div>
        <p>{link.email ? `${link.provider}: ${link.email}` : link.provider}</p>
        <p className="muted small">
          {t("provider.since")} <When value={link.created} relative />
          {link.lastUsed && (
            <>
              {" \u00b7 "}
              {t("account.lastSeen")} <When value={link.lastUsed} relative />
            </>
          )}
          {!link.available && <> · {t("provider.gone")}</>}
        </p>
        {remove.error && (last ? <Banner kind="warn">{t("methods.last")}</Banner> : <ErrorNote error={remove.error} />)}
      </div>
      <Button size="small" onClick={() => setAsking(true)}>
        {t("provider.remove")}
        <span className="visually-hidden"> {link.provider}</span>
      </Button>
      <Confirm
        open={asking}
        title={t("provider.removeTitle", { name: link.provider })}
        confirm={t("provider.remove")}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        {t("provider.removeText")}
      </Confirm>
    </div>
  );
}
