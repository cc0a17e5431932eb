import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { acceptDelegation, askAgain, declineDelegation, endDelegation } from "@/api/family";
import type { Delegation } from "@/api/types";
import { formatDate } from "@/lib/dates";
import { colourOf, switchTo } from "@/lib/profile";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/Toast";
import css from "./Family.module.css";
import { GuardianDialog } from "./GuardianDialog";

/** One arrangement: whose record, who looks after it, how far and until when. */
export function DelegationCard({ one, account }: { one: Delegation; account: number }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [ending, setEnding] = useState(false);
  const [inviting, setInviting] = useState(false);
  const act = useMutation({
    mutationFn: (what: (id: number) => Promise<unknown>) => what(one.id),
    onSettled: () => client.invalidateQueries({ queryKey: ["family"] }),
    onSuccess: () => setEnding(false),
  });
  const again = useMutation({
    mutationFn: () => askAgain(one.id),
    onSuccess: () => toast(t("family.askedAgain")),
  });
  const title = one.mine ? one.patient.name : (one.person ?? "");
  const guardian = one.kind === "guardianship";
  const what = one.categories
    ? one.categories.map((category) => t(`category.${category}`)).join(", ")
    : t("family.allKinds");
  // Somebody comes of age on a date; what was lent ends at a moment, which is the last of that day where it was lent.
  const lastDay = guardian ? (one.until ?? "").slice(0, 10) : (one.until ?? "");
  const areas = one.labels.length > 0 ? t("family.withSensitive") : t("family.withoutSensitive");
  return (
    <Card as="article" label={title}>
      <div className={css.row}>
        <div>
          <p className={css.name}>
            {one.mine && <span aria-hidden className={`${css.dot} ${css[`c${colourOf(one.patient.id)}`]}`} />}
            {title}
          </p>
          <p className="muted small">
            {one.asker && `${t("family.asks", { name: one.asker })} \u00b7 `}
            {t(guardian ? "family.guardian" : one.acts ? "family.acts" : "family.looks")}
            {!one.mine && guardian && ` \u00b7 ${one.patient.name}`}
            {!guardian && ` \u00b7 ${what} \u00b7 ${areas}`}
            {one.until && ` \u00b7 ${t("family.until", { day: formatDate(lastDay, i18n.language) })}`}
            {!one.mine && one.state === "waiting" && ` \u00b7 ${t("family.waiting")}`}
          </p>
          {one.reason && <p className="small">{one.reason}</p>}
        </div>
        {one.state !== "ended" && (
          <div className="row">
            {one.mine && one.state === "waiting" && (
              <>
                <Button kind="main" busy={act.isPending} onClick={() => act.mutate(acceptDelegation)}>
                  {t("family.accept")}
                </Button>
                <Button onClick={() => act.mutate(declineDelegation)}>{t("family.decline")}</Button>
              </>
            )}
            {one.mine && one.state === "active" && (
              <>
                <Button kind="main" onClick={() => switchTo({ account, id: one.patient.id, name: one.patient.name })}>
                  {t("family.open", { name: one.patient.name })}
                </Button>
                {guardian && <Button onClick={() => setInviting(true)}>{t("family.inviteGuardian")}</Button>}
              </>
            )}
            {!one.mine && one.state === "waiting" && (
              <Button busy={again.isPending} onClick={() => again.mutate()}>
                {t("family.askAgain")}
                <span className="visually-hidden"> {title}</span>
              </Button>
            )}
            {(one.mine ? one.state === "active" : !guardian || one.state === "waiting") && (
              <Button kind="quiet" onClick={() => setEnding(true)}>
                {t(one.state === "waiting" ? "family.withdraw" : "family.end")}
              </Button>
            )}
          </div>
        )}
      </div>
      {act.error && !ending && <ErrorNote error={act.error} />}
      {again.error && <ErrorNote error={again.error} />}
      <Confirm
        open={ending}
        title={t("family.endTitle", { name: title })}
        confirm={t("family.endNow")}
        danger
        busy={act.isPending}
        onConfirm={() => act.mutate(endDelegation)}
        onClose={() => setEnding(false)}
      >
        <p>{t("family.endText")}</p>
        {act.error && <ErrorNote error={act.error} />}
      </Confirm>
      <GuardianDialog child={one.patient} open={inviting} onClose={() => setInviting(false)} />
    </Card>
  );
}
