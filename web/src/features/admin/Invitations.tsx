import "@/lib/laterWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { OpenInvitation } from "@/api/types";
import { invitations, resendInvitation, withdrawInvitation } from "@/api/verification";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Confirm, Dialog } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Admin.module.css";
import { InvitationSent } from "./InviteDialog";

/** Those who were asked and have not come yet. */
export function Invitations() {
  const { t } = useTranslation();
  const list = useQuery(invitations);
  if (!list.error && (list.data ?? []).length === 0) return null;
  return (
    <Section title={t("invitations.title")}>
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data && (
        <List label={t("invitations.title")}>
          {list.data.map((each) => (
            <li key={each.account}>
              <InvitationRow invitation={each} />
            </li>
          ))}
        </List>
      )}
    </Section>
  );
}

function InvitationRow({ invitation }: { invitation: OpenInvitation }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { account, name, email, invitedBy, sent, expires, over } = invitation;
  const changed = () => client.invalidateQueries({ queryKey: ["admin"] });
  const again = useMutation({ mutationFn: () => resendInvitation(account), onSuccess: changed });
  const withdraw = useMutation({
    mutationFn: () => withdrawInvitation(account),
    onSuccess: () => {
      changed();
      toast(t("invitations.withdrawn", { name }));
    },
    onSettled: () => setAsking(false),
  });
  const error = again.error ?? withdraw.error;
  return (
    <div className={css.row}>
      <div className={css.words}>
        <p className="strong">
          {name} {over && <Tag tone="warn">{t("invitations.over")}</Tag>}
        </p>
        <p className="muted small">{email}</p>
        <p className="muted small">
          {invitedBy && `${t("invitations.by", { name: invitedBy })} \u00b7 `}
          {t("invitations.sent")} <When value={sent} relative /> {"\u00b7"} {t("invitations.until")}{" "}
          <When value={expires} timed />
        </p>
        {error && <ErrorNote error={error} />}
      </div>
      <Button size="small" busy={again.isPending} onClick={() => again.mutate()}>
        {t("invitations.resend")}
        <span className="visually-hidden"> {name}</span>
      </Button>
      <Button size="small" kind="quiet" onClick={() => setAsking(true)}>
        {t("invitations.withdraw")}
        <span className="visually-hidden"> {name}</span>
      </Button>
      <Confirm
        open={asking}
        title={t("invitations.withdrawTitle", { name })}
        confirm={t("invitations.withdraw")}
        danger
        busy={withdraw.isPending}
        onConfirm={() => withdraw.mutate()}
        onClose={() => setAsking(false)}
      >
        {t("invitations.withdrawText")}
      </Confirm>
      <Dialog open={again.data !== undefined} title={t("invitations.again")} onClose={() => again.reset()}>
        {again.data && <InvitationSent invited={again.data} name={name} onClose={() => again.reset()} />}
      </Dialog>
    </div>
  );
}
