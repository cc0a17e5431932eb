import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { register } from "@/api/auth";
import { Problem } from "@/api/client";
import { GENDERS, type Registration } from "@/api/types";
import { isoDay } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, PasswordField, SelectField, TextField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Door } from "./Door";

const EMPTY: Registration = { email: "", password: "", given: "", family: "", birthDate: "", gender: "unknown" };
const SHORTEST_PASSWORD = 8;

export function RegisterPage({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  useTitle(t("auth.register"));
  const [form, setForm] = useState(EMPTY);
  const create = useMutation({ mutationFn: () => register(form), onSuccess: onSignedIn });
  const problem = create.error instanceof Problem ? create.error : null;
  const taken = problem?.kind === "taken";
  const set = (name: keyof Registration) => (value: string) => setForm({ ...form, [name]: value });
  const complete =
    form.email !== "" &&
    form.given !== "" &&
    form.family !== "" &&
    form.birthDate !== "" &&
    form.password.length >= SHORTEST_PASSWORD;
  return (
    <Door>
      <div>
        <PageHeading>{t("register.title")}</PageHeading>
        <p className="muted">{t("register.lead")}</p>
      </div>
      <Form onSubmit={() => create.mutate()}>
        <div className="two">
          <TextField
            label={t("register.given")}
            autoComplete="given-name"
            value={form.given}
            onText={set("given")}
            error={problem?.issue("given")}
            required
          />
          <TextField
            label={t("register.family")}
            autoComplete="family-name"
            value={form.family}
            onText={set("family")}
            error={problem?.issue("family")}
            required
          />
        </div>
        <TextField
          label={t("register.birthDate")}
          type="date"
          autoComplete="bday"
          max={isoDay(new Date())}
          value={form.birthDate}
          onText={set("birthDate")}
          error={problem?.issue("birthDate")}
          required
        />
        <SelectField
          label={t("register.gender")}
          value={form.gender}
          options={GENDERS.map((value) => ({ value, label: t(`gender.${value}`) }))}
          onPick={(gender) => setForm({ ...form, gender })}
          error={problem?.issue("gender")}
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
          {t("register.create")}
        </Button>
      </Form>
      <p>
        {t("register.have")} <Link to="/sign-in">{t("auth.signIn")}</Link>
      </p>
    </Door>
  );
}
