import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createUser, organizations } from "@/api/admin";
import { Problem } from "@/api/client";
import type { Role } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, PasswordField, SelectField, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";

/** Patients register themselves, and programs get their key from the operator. */
const MADE_HERE: Role[] = ["practitioner", "administrator"];
const EMPTY = { name: "", username: "", password: "", email: "", role: "practitioner" as Role, organization: "" };
const SHORTEST_PASSWORD = 8;

export function CreateUserDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState(EMPTY);
  const houses = useQuery({ ...organizations(), enabled: open });
  const create = useMutation({
    mutationFn: () =>
      createUser({
        name: form.name.trim(),
        username: form.username.trim(),
        password: form.password,
        role: form.role,
        ...(form.email ? { email: form.email.trim() } : {}),
        ...(form.organization ? { organizations: [form.organization] } : {}),
      }),
    onSuccess: (user) => {
      client.invalidateQueries({ queryKey: ["admin"] });
      setForm(EMPTY);
      onClose();
      toast(t("users.created", { name: user.name }));
    },
  });
  const problem = create.error instanceof Problem ? create.error : null;
  const set = (name: keyof typeof EMPTY) => (value: string) => setForm({ ...form, [name]: value });
  const complete = form.name.trim() !== "" && form.username.trim() !== "" && form.password.length >= SHORTEST_PASSWORD;
  return (
    <Dialog open={open} title={t("users.create")} onClose={onClose}>
      <Form onSubmit={() => create.mutate()}>
        <TextField
          label={t("users.name")}
          value={form.name}
          onText={set("name")}
          error={problem?.issue("name")}
          autoComplete="off"
          required
        />
        <TextField
          label={t("users.username")}
          value={form.username}
          onText={set("username")}
          error={problem?.issue("username")}
          autoComplete="off"
          required
        />
        <SelectField
          label={t("users.role")}
          hint={form.role === "practitioner" ? t("users.mustVerify") : undefined}
          value={form.role}
          options={MADE_HERE.map((value) => ({ value, label: t(`role.${value}`) }))}
          onPick={(role) => setForm({ ...form, role })}
          error={problem?.issue("role")}
        />
        <SelectField
          label={t("users.organization")}
          value={form.organization}
          options={[
            { value: "", label: t("users.noOrganization") },
            ...(houses.data ?? []).map((each) => ({ value: each.id, label: each.name })),
          ]}
          onPick={set("organization")}
          error={problem?.issue("organizations")}
        />
        <TextField
          label={t("users.email")}
          type="email"
          value={form.email}
          onText={set("email")}
          error={problem?.issue("email")}
          autoComplete="off"
        />
        <PasswordField
          label={t("users.password")}
          hint={t("register.passwordHint")}
          value={form.password}
          onText={set("password")}
          error={problem?.issue("password")}
          autoComplete="new-password"
          required
        />
        {problem && problem.issues.length === 0 && <ErrorNote error={problem} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" busy={create.isPending} disabled={!complete}>
            {t("users.createNow")}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
