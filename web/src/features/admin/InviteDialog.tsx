import "@/lib/laterWords";
import { IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Invited } from "@/api/types";
import { inviteClinician } from "@/api/verification";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import css from "./Admin.module.css";
import { DraftForm, OrganizationField, useDraft } from "./draft";

interface InviteProps {
  open: boolean;
  onClose: () => void;
}

export function InviteDialog({ open, onClose }: InviteProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} title={t("invite.title")} onClose={onClose}>
      {open && <Invite onClose={onClose} />}
    </Dialog>
  );
}

function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ invited: Invited; name: string } | null>(null);
  const draft = useDraft(
    { name: "", email: "", organization: "" },
    (form) =>
      inviteClinician({
        name: form.name.trim(),
        email: form.email.trim(),
        organizations: form.organization ? [form.organization] : [],
      }),
    (invited, form) => setAsked({ invited, name: form.name.trim() }),
  );
  if (asked) return <InvitationSent {...asked} onClose={onClose} />;
  const { form, set, field, problem } = draft;
  const taken = problem?.kind === "taken";
  const complete = form.name.trim() !== "" && form.email.includes("@");
  return (
    <DraftForm draft={draft} confirm={t("invite.now")} complete={complete} told={taken} onClose={onClose}>
      <p>{t("invite.text")}</p>
      <TextField label={t("users.name")} {...field("name")} autoComplete="off" required />
      <TextField
        label={t("register.email")}
        type="email"
        {...field("email")}
        error={taken ? t("invite.taken") : problem?.issue("email")}
        autoComplete="off"
        required
      />
      <OrganizationField value={form.organization} onPick={set("organization")} hint={t("invite.organizationHint")} />
    </DraftForm>
  );
}

interface SentProps {
  invited: Invited;
  name: string;
  onClose: () => void;
}

/** Where no letter was sent, the link is seen here once; whoever has it opens the account. */
export function InvitationSent({ invited, name, onClose }: SentProps) {
  const { t } = useTranslation();
  const link = invited.link ? new URL(invited.link, window.location.origin).href : null;
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => toast(t("invite.copied")),
      () => toast(t("invite.notCopied")),
    );
  return (
    <div className="stack">
      <p>{t(link ? "invite.done" : "invite.sent", { name })}</p>
      {link && <p className={`mono ${css.link}`}>{link}</p>}
      <DialogActions>
        {link && (
          <Button icon={<IconCopy aria-hidden />} onClick={() => copy(link)}>
            {t("invite.copy")}
          </Button>
        )}
        <Button kind="main" onClick={onClose}>
          {t("common.done")}
        </Button>
      </DialogActions>
    </div>
  );
}
