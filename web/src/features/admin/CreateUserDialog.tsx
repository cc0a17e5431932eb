import "@/lib/laterWords";
import { useTranslation } from "react-i18next";
import { createUser } from "@/api/admin";
import type { Role } from "@/api/types";
import { Dialog } from "@/ui/Dialog";
import { PasswordField, SelectField, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { DraftForm, OrganizationField, useDraft } from "./draft";

/** Patients register themselves, and programs get their key from the operator. */
const MADE_HERE: Role[] = ["practitioner", "administrator"];
const EMPTY = { name: "", username: "", password: "", email: "", role: "practitioner" as Role, organization: "" };
const SHORTEST_PASSWORD = 8;

interface CreateUserProps {
  open: boolean;
  onClose: () => void;
}

export function CreateUserDialog({ open, onClose }: CreateUserProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} title={t("users.create")} onClose={onClose}>
      {open && <CreateUser onClose={onClose} />}
    </Dialog>
  );
}

function CreateUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const draft = useDraft(
    EMPTY,
    (form) =>
      createUser({
        name: form.name.trim(),
        username: form.username.trim(),
        password: form.password,
        role: form.role,
        ...(form.email ? { email: form.email.trim() } : {}),
        ...(form.organization ? { organizations: [form.organization] } : {}),
      }),
    (user) => {
      onClose();
      toast(t("users.created", { name: user.name }));
    },
  );
  const { form, set, field, problem } = draft;
  const complete = form.name.trim() !== "" && form.username.trim() !== "" && form.password.length >= SHORTEST_PASSWORD;
  return (
    <DraftForm draft={draft} confirm={t("users.createNow")} complete={complete} onClose={onClose}>
      <TextField label={t("users.name")} {...field("name")} autoComplete="off" required />
      <TextField label={t("users.username")} {...field("username")} autoComplete="off" required />
      <SelectField
        label={t("users.role")}
        hint={form.role === "practitioner" ? t("users.mustVerify") : undefined}
        value={form.role}
        options={MADE_HERE.map((value) => ({ value, label: t(`role.${value}`) }))}
        onPick={set("role")}
        error={problem?.issue("role")}
      />
      <OrganizationField
        value={form.organization}
        onPick={set("organization")}
        error={problem?.issue("organizations")}
      />
      <TextField label={t("users.email")} type="email" {...field("email")} autoComplete="off" />
      <PasswordField
        label={t("users.password")}
        hint={`${t("register.passwordHint")} ${t("users.passwordHint")}`}
        {...field("password")}
        autoComplete="new-password"
        required
      />
    </DraftForm>
  );
}
