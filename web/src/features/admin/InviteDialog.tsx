import { IconCopy } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { organizations } from "@/api/admin";
import { Problem } from "@/api/client";
import type { Invited } from "@/api/types";
import { inviteClinician } from "@/api/verification";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, SelectField, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import css from "./Admin.module.css";

export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} title={t("invite.title")} onClose={onClose}>
      {open && <Invite onClose={onClose} />}
    </Dialog>
  );
}

function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState({ name: "", email: "", organization: "" });
  const houses = useQuery(organizations());
  const invite = useMutation({
    mutationFn: () =>
      inviteClinician({
        name: form.name.trim(),
        email: form.email.trim(),
        organizations: form.organization ? [form.organization] : [],
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  if (invite.data) return <Done invited={invite.data} name={form.name.trim()} onClose={onClose} />;
  const problem = invite.error instanceof Problem ? invite.error : null;
  const taken = problem?.kind === "taken";
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  return (
    <Form onSubmit={() => invite.mutate()}>
      <p>{t("invite.text")}</p>
      <TextField
        label={t("users.name")}
        value={form.name}
        onText={set("name")}
        error={problem?.issue("name")}
        autoComplete="off"
        required
      />
      <TextField
        label={t("register.email")}
        type="email"
        value={form.email}
        onText={set("email")}
        error={taken ? t("invite.taken") : problem?.issue("email")}
        autoComplete="off"
        required
      />
      <SelectField
        label={t("users.organization")}
        hint={t("invite.organizationHint")}
        value={form.organization}
        options={[
          { value: "", label: t("users.noOrganization") },
          ...(houses.data ?? []).map((each) => ({ value: each.id, label: each.name })),
        ]}
        onPick={set("organization")}
      />
      {problem && !taken && problem.issues.length === 0 && <ErrorNote error={problem} />}
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          kind="main"
          type="submit"
          busy={invite.isPending}
          disabled={form.name.trim() === "" || !form.email.includes("@")}
        >
          {t("invite.now")}
        </Button>
      </DialogActions>
    </Form>
  );
}

function Sent({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <p>{t("invite.sent", { name })}</p>
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {t("common.done")}
        </Button>
      </DialogActions>
    </div>
  );
}

/** The link is seen here once; whoever has it opens the account. */
function Done({ invited, name, onClose }: { invited: Invited; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  if (!invited.link) return <Sent name={name} onClose={onClose} />;
  const link = new URL(invited.link, window.location.origin).href;
  const copy = () =>
    navigator.clipboard.writeText(link).then(
      () => toast(t("invite.copied")),
      () => toast(t("invite.notCopied")),
    );
  return (
    <div className="stack">
      <p>{t("invite.done", { name })}</p>
      <p className={`mono ${css.link}`}>{link}</p>
      <DialogActions>
        <Button icon={<IconCopy aria-hidden />} onClick={copy}>
          {t("invite.copy")}
        </Button>
        <Button kind="main" onClick={onClose}>
          {t("common.done")}
        </Button>
      </DialogActions>
    </div>
  );
}
