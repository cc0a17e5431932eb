import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { devices, revokeDevice } from "@/api/auth";
import { signOutOthers } from "@/api/identity";
import type { SignedInDevice } from "@/api/types";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./AccountPage.module.css";

/** Where the account is open, each place with a way to close it. */
export function Sessions({ onEverywhere }: { onEverywhere: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = useQuery(devices);
  const [asking, setAsking] = useState<"others" | "all" | null>(null);
  const others = useMutation({
    mutationFn: signOutOthers,
    onSuccess: ({ ended }) => {
      client.invalidateQueries({ queryKey: ["devices"] });
      toast(t("account.othersOut", { count: ended }));
    },
    onSettled: () => setAsking(null),
  });
  const several = (list.data?.length ?? 0) > 1;
  return (
    <Section title={t("account.devices")}>
      <p className="muted">{t("account.devicesText")}</p>
      {list.isPending && <Skeleton rows={2} height={76} />}
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data && (
        <List label={t("account.devices")}>
          {list.data.map((device) => (
            <li key={device.id}>
              <DeviceRow device={device} />
            </li>
          ))}
        </List>
      )}
      {others.error && <ErrorNote error={others.error} />}
      <div className="row">
        {several && <Button onClick={() => setAsking("others")}>{t("account.signOutOthers")}</Button>}
        <Button kind="quiet" onClick={() => setAsking("all")}>
          {t("account.signOutAll")}
        </Button>
      </div>
      <Confirm
        open={asking !== null}
        title={t(asking === "all" ? "account.signOutAll" : "account.signOutOthers")}
        confirm={t("account.signOutNow")}
        danger
        busy={others.isPending}
        onConfirm={() => (asking === "all" ? onEverywhere() : others.mutate())}
        onClose={() => setAsking(null)}
      >
        {t(asking === "all" ? "account.signOutAllText" : "account.signOutOthersText")}
      </Confirm>
    </Section>
  );
}

function DeviceRow({ device }: { device: SignedInDevice }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeDevice(device.id),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["devices"] });
      toast(t("account.deviceOut", { device: device.device }));
    },
  });
  const details = [
    device.place ? t("account.place", { place: device.place }) : null,
    device.method ? t(`signInMethod.${device.method}`) : t(`account.kind.${device.kind}`),
  ].filter(Boolean);
  return (
    <div className={css.device}>
      <div>
        <p>
          {device.device} {device.current && <Tag tone="accent">{t("account.thisDevice")}</Tag>}{" "}
          {device.limited && <Tag tone="warn">{t("account.limited")}</Tag>}
        </p>
        <p className="muted small">
          {t("account.lastSeen")} <When value={device.lastSeen} relative />
          {details.map((each) => ` \u00b7 ${each}`)}
        </p>
        {revoke.error && <ErrorNote error={revoke.error} />}
      </div>
      {!device.current && (
        <Button size="small" busy={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("account.signOutDevice")}
          <span className="visually-hidden"> {device.device}</span>
        </Button>
      )}
    </div>
  );
}
