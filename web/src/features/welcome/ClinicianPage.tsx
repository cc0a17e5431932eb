import "@/lib/laterWords";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { registerClinician } from "@/api/verification";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, PasswordField, TextField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Door } from "./Door";
import css from "./Welcome.module.css";

const SHORTEST_PASSWORD = 8;

/** A doctor makes an account. It reads nothing until two administrators have found out that it is one. */
export function ClinicianPage({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  useTitle(t("clinicianRegister.title"));
  const [form, setForm] = useState({ name: "", email: "", password: "" });
  const create = useMutation({
    mutationFn: () => registerClinician({ ...form, name: form.name.trim(), email: form.email.trim() }),
    onSuccess: onSignedIn,
  });
  const problem = create.error instanceof Problem ? create.error : null;
  const taken = problem?.kind === "taken";
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const complete = form.name.trim() !== "" && form.email.includes("@") && form.password.length >= SHORTEST_PASSWORD;
  return (
    <Door>
      <div>
        <PageHeading>{t("clinicianRegister.title")}</PageHeading>
        <p className="muted">{t("clinicianRegister.lead")}</p>
      </div>
      <ol className={css.steps}>
        {(["account", "papers", "check"] as const).map((step) => (
          <li key={step}>{t(`clinicianRegister.step.${step}`)}</li>
        ))}
      </ol>
      <Form onSubmit={() => create.mutate()}>
        <TextField
          label={t("clinicianRegister.name")}
          hint={t("clinicianRegister.nameHint")}
          autoComplete="name"
          value={form.name}
          onText={set("name")}
          error={problem?.issue("name")}
          required
        />
        <TextField
          label={t("register.email")}
          type="email"
          autoComplete="email"
          inputMode="email"
          value={form.email}
          onText={set("email")}
          error={taken ? t("register.taken") : problem?.issue("email")}
          required
        />
        <PasswordField
          label={t("auth.password")}
          hint={t("register.passwordHint")}
          autoComplete="new-password"
          value={form.password}
          onText={set("password")}
          error={problem?.issue("password")}
          required
        />
        {problem && !taken && problem.issues.length === 0 && <ErrorNote error={problem} />}
        <Button kind="main" type="submit" wide busy={create.isPending} disabled={!complete}>
          {t("clinicianRegister.create")}
        </Button>
      </Form>
      <ul className={css.ways}>
        <li>
          {t("register.have")} <Link to="/sign-in">{t("auth.signIn")}</Link>
        </li>
        <li>
          {t("clinicianRegister.patient")} <Link to="/register">{t("welcome.start")}</Link>
        </li>
      </ul>
    </Door>
  );
}
