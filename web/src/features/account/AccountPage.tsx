import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { devices, revokeDevice } from "@/api/auth";
import type { Account, SignedInDevice } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts, List } from "@/ui/Card";
import { Choice, Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { type Scheme, useScheme } from "@/ui/scheme";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./AccountPage.module.css";

const SCHEMES: Scheme[] = ["auto", "light", "dark"];

interface AccountProps {
  account: Account;
  /** Sections of other rooms, such as the apps that are connected. */
  children?: ReactNode;
  onSignOut: () => void;
}

export function AccountPage({ account, onSignOut, children }: AccountProps) {
  const { t } = useTranslation();
  const [scheme, setScheme] = useScheme();
  return (
    <Page title={t("account.title")} narrow action={<Button onClick={onSignOut}>{t("auth.signOut")}</Button>}>
      <Card>
        <div className={css.who}>
          <Avatar name={account.name} large />
          <div>
            <p className={css.name}>{account.name}</p>
            <p className="muted">{t(`role.${account.role}`)}</p>
          </div>
        </div>
        <Facts>
          <Fact label={t("auth.username")}>{account.username}</Fact>
          {account.organizations.length > 0 && (
            <Fact label={t("account.organizations")}>{account.organizations.map((each) => each.name).join(", ")}</Fact>
          )}
        </Facts>
      </Card>
      <Section title={t("account.look")}>
        <div>
          <Choice
            label={t("account.look")}
            value={scheme}
            onChange={setScheme}
            options={SCHEMES.map((value) => ({ value, text: t(`scheme.${value}`) }))}
          />
        </div>
      </Section>
      <Devices />
      {children}
    </Page>
  );
}

function Devices() {
  const { t } = useTranslation();
  const list = useQuery(devices);
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
  return (
    <div className={css.device}>
      <div>
        <p>
          {device.device} {device.current && <Tag tone="accent">{t("account.thisDevice")}</Tag>}
        </p>
        <p className="muted small">
          {t("account.lastSeen")} <When value={device.lastSeen} relative />
          {" \u00b7 "}
          {t(`account.kind.${device.kind}`)}
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
