import { IconFingerprint } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { register } from "@/api/auth";
import { Problem } from "@/api/client";
import { finishPasskeyRegistration, signInOptions, startPasskeyRegistration } from "@/api/identity";
import { GENDERS, type Registration } from "@/api/types";
import { isoDay } from "@/lib/dates";
import { hasPasskeys, makePasskey, passkeyTrouble } from "@/lib/webauthn";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, PasswordField, SelectField, TextField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Door } from "./Door";
import css from "./Welcome.module.css";

const EMPTY: Registration = { email: "", password: "", given: "", family: "", birthDate: "", gender: "unknown" };
const SHORTEST_PASSWORD = 8;

/** A record for somebody new. The phone's own face or fingerprint takes the place of a password where it can. */
export function RegisterPage({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  useTitle(t("auth.register"));
  const options = useQuery(signInOptions);
  const here = options.data?.passkey.here === true && hasPasskeys();
  const [wantsPassword, setWantsPassword] = useState(false);
  const [form, setForm] = useState(EMPTY);
  const withPasskey = here && !wantsPassword;
  const create = useMutation({
    mutationFn: async () => {
      if (!withPasskey) return register(form);
      const { password: _, ...person } = form;
      const { ceremony, options } = await startPasskeyRegistration(person);
      return finishPasskeyRegistration(ceremony, await makePasskey(options));
    },
    onSuccess: onSignedIn,
  });
  const problem = create.error instanceof Problem ? create.error : null;
  const taken = problem?.kind === "taken";
  const trouble = passkeyTrouble(create.error);
  const set = (name: keyof Registration) => (value: string) => setForm({ ...form, [name]: value });
  const complete =
    form.email !== "" &&
    form.given !== "" &&
    form.family !== "" &&
    form.birthDate !== "" &&
    (withPasskey || form.password.length >= SHORTEST_PASSWORD);
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
        {!withPasskey && (
          <PasswordField
            label={t("auth.password")}
            hint={t("register.passwordHint")}
            autoComplete="new-password"
            value={form.password}
            onText={set("password")}
            error={problem?.issue("password")}
            required
          />
        )}
        {trouble && <Banner kind="warn">{t(`passkey.${trouble}`)}</Banner>}
        {create.error && !trouble && !taken && (problem?.issues.length ?? 0) === 0 && (
          <ErrorNote error={create.error} />
        )}
        <Button
          kind="main"
          type="submit"
          wide
          icon={withPasskey && <IconFingerprint aria-hidden />}
          busy={create.isPending}
          disabled={!complete}
        >
          {t(withPasskey ? "register.createPasskey" : "register.create")}
        </Button>
        {withPasskey && <p className="muted small">{t("register.passkeyHint")}</p>}
        {here && (
          <Button kind="quiet" wide onClick={() => setWantsPassword(!wantsPassword)}>
            {t(wantsPassword ? "register.usePasskey" : "register.usePassword")}
          </Button>
        )}
      </Form>
      <ul className={css.ways}>
        <li>
          {t("register.have")} <Link to="/sign-in">{t("auth.signIn")}</Link>
        </li>
        <li>
          {t("auth.clinician")} <Link to="/register/clinician">{t("auth.registerClinician")}</Link>
        </li>
      </ul>
    </Door>
  );
}
