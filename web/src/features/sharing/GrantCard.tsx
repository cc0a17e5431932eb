import { IconBuildingHospital, IconStethoscope } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { renewGrant, revokeGrant } from "@/api/consent";
import { useSay } from "@/api/family";
import type { Grant } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { ExtendDialog } from "./ExtendDialog";
import { GrantHistory } from "./GrantHistory";
import css from "./Sharing.module.css";
import { labelsText, periodText, sealedText, whatText } from "./scope";

/** One consent: who, what, until when, when it was last used, and how to end it. */
export function GrantCard({ grant, renewing }: { grant: Grant; renewing?: boolean }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState<"revoke" | "extend" | null>(null);
  const active = grant.state === "active";
  const say = useSay();
  const emergency = grant.purpose === "emergency";
  const others = client
    .getQueryData<Grant[]>(["grants"])
    ?.some((each) => each.id !== grant.id && each.state === "active" && each.grantee.id === grant.grantee.id);
  const revoke = useMutation({
    mutationFn: () => revokeGrant(grant.id),
    onSuccess: (changed) => {
      client.setQueryData<Grant[]>(["grants"], (all) => all?.map((each) => (each.id === changed.id ? changed : each)));
      client.invalidateQueries({ queryKey: ["grants"] });
      setAsking(null);
      toast(t("sharing.revoked", { name: grant.grantee.name }));
    },
  });
  const renew = useMutation({
    mutationFn: () => renewGrant(grant.id),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["grants"] });
      toast(t("sharing.renewed", { name: grant.grantee.name }));
    },
  });
  const Icon = grant.grantee.type === "organization" ? IconBuildingHospital : IconStethoscope;
  return (
    <Card as="article" label={t("sharing.grantOf", { name: grant.grantee.name })}>
      <div className={css.head}>
        <span className={css.icon} aria-hidden>
          <Icon />
        </span>
        <div className={css.words}>
          <h3>{grant.grantee.name}</h3>
          <p className="muted small">{t(`grantee.${grant.grantee.type}`)}</p>
        </div>
        {emergency && <Tag tone="high">{t("purpose.emergency")}</Tag>}
        <Tag tone={active ? "ok" : "neutral"}>{t(`grantState.${grant.state}`)}</Tag>
      </div>
      <Facts>
        <Fact label={t("sharing.what")}>{whatText(t, grant)}</Fact>
        {(grant.from || grant.to) && <Fact label={t("sharing.period")}>{periodText(t, i18n.language, grant)}</Fact>}
        <Fact label={t("sharing.sensitive")}>{labelsText(t, grant.labels)}</Fact>
        {grant.sealed.length > 0 && <Fact label={t("sealed.title")}>{sealedText(t, grant.sealed)}</Fact>}
        <Fact label={t(active ? "sharing.ends" : "sharing.ended")}>
          <Ending grant={grant} />
        </Fact>
        <Fact label={t("sharing.lastRead")}>
          {grant.lastRead ? <When value={grant.lastRead} relative /> : t("sharing.neverRead")}
        </Fact>
        {grant.note && <Fact label={t(emergency ? "sharing.reason" : "sharing.note")}>{grant.note}</Fact>}
      </Facts>
      {active && say !== "none" && (
        <div className="row">
          {grant.until && !emergency && (
            <Button kind={renewing ? "main" : "plain"} busy={renew.isPending} onClick={() => renew.mutate()}>
              {t("sharing.renew")}
            </Button>
          )}
          {grant.until && !emergency && <Button onClick={() => setAsking("extend")}>{t("sharing.extend")}</Button>}
          <Button kind="danger" onClick={() => setAsking("revoke")}>
            {t("sharing.stop")}
          </Button>
        </div>
      )}
      {renew.error && <ErrorNote error={renew.error} />}
      <GrantHistory grant={grant} />
      <Confirm
        open={asking === "revoke"}
        title={t("sharing.stopTitle", { name: grant.grantee.name })}
        confirm={t("sharing.stopNow")}
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
        onClose={() => setAsking(null)}
      >
        <p>{t("sharing.stopText")}</p>
        {grant.sealed.length > 0 && <p>{t("sealed.stopText")}</p>}
        {others && <p>{t("sharing.stopOther")}</p>}
        {revoke.error && <ErrorNote error={revoke.error} />}
      </Confirm>
      <ExtendDialog grant={grant} open={asking === "extend"} onClose={() => setAsking(null)} />
    </Card>
  );
}

function Ending({ grant }: { grant: Grant }) {
  const { t } = useTranslation();
  if (grant.revoked) return <When value={grant.revoked} relative />;
  return grant.until ? <When value={grant.until} relative /> : t("sharing.untilStopped");
}
