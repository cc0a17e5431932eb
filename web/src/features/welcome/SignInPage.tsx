import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { signIn } from "@/api/auth";
import { Problem } from "@/api/client";
import { signInOptions } from "@/api/identity";
import type { Arrival } from "@/api/providers";
import type { SignInOptions } from "@/api/types";
import { hasPasskeys } from "@/lib/webauthn";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, PasswordField, TextField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { DemoAccounts } from "./DemoAccounts";
import { Door } from "./Door";
import { PasskeyEntry } from "./PasskeyEntry";
import css from "./Welcome.module.css";

export const SIGN_IN_NOTICES = [
  "idle",
  "ended",
  "external-unavailable",
  "external-declined",
  "external-failed",
  "external-unknown",
  "external-taken",
  "external-often",
] as const;
export type SignInNotice = (typeof SIGN_IN_NOTICES)[number];

interface SignInProps {
  /** Why one is here, when it was not one's own choice. */
  notice?: SignInNotice;
  /** Ways in for staff, as entries of a list. */
  staff?: ReactNode;
  /** More ways in, from other rooms. */
  others?: ReactNode;
  /** What must be had without signing in. */
  emergency?: ReactNode;
  onSignedIn: () => void;
}

export function SignInPage({ notice, staff, others, emergency, onSignedIn }: SignInProps) {
  const { t } = useTranslation();
  useTitle(t("auth.signIn"));
  const options = useQuery(signInOptions);
  const passkeys = options.data?.passkey.here === true && hasPasskeys();
  return (
    <Door>
      <PageHeading>{t("auth.signIn")}</PageHeading>
      {emergency}
      {notice && <NoticeBanner notice={notice} />}
      {passkeys && (
        <>
          <PasskeyEntry onSignedIn={onSignedIn} />
          <p className={css.or}>
            <span>{t("auth.or")}</span>
          </p>
        </>
      )}
      <PasswordForm passkeys={passkeys} onSignedIn={onSignedIn} />
      <OtherWays options={options.data} staff={staff} others={others} />
      <DemoAccounts onSignedIn={onSignedIn} />
    </Door>
  );
}

/** The passkeys of this browser show among the suggestions for the name. */
function PasswordForm({ passkeys, onSignedIn }: { passkeys: boolean; onSignedIn: () => void }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({ mutationFn: () => signIn(username.trim(), password), onSuccess: onSignedIn });
  const wrong = enter.error instanceof Problem && enter.error.status === 401;
  return (
    <Form onSubmit={() => enter.mutate()}>
      <TextField
        label={t("auth.username")}
        name="username"
        autoComplete={passkeys ? "username webauthn" : "username"}
        value={username}
        onText={setUsername}
        required
      />
      <PasswordField
        label={t("auth.password")}
        name="password"
        autoComplete="current-password"
        value={password}
        onText={setPassword}
        required
      />
      {wrong && (
        <Banner kind="error" title={t("auth.wrong")}>
          {t("auth.wrongText")}
        </Banner>
      )}
      {enter.error && !wrong && <ErrorNote error={enter.error} />}
      <Button
        kind={passkeys ? "plain" : "main"}
        type="submit"
        wide
        busy={enter.isPending}
        disabled={username.trim() === "" || password === ""}
      >
        {t("auth.signIn")}
      </Button>
    </Form>
  );
}

/** What became of a sign-in elsewhere is said in the same words on the account page. */
function NoticeBanner({ notice }: { notice: SignInNotice }) {
  const { t } = useTranslation();
  if (notice === "idle" || notice === "ended") return <Banner>{t(`auth.${notice}`)}</Banner>;
  const why = notice.slice("external-".length) as Arrival;
  return <Banner kind="warn">{t(`provider.${why}`)}</Banner>;
}

interface OtherWaysProps {
  options: SignInOptions | undefined;
  staff?: ReactNode;
  others?: ReactNode;
}

function OtherWays({ options, staff, others }: OtherWaysProps) {
  const { t } = useTranslation();
  return (
    <ul className={css.ways}>
      {options?.emailCode && (
        <>
          <li>
            <Link to="/code">{t("auth.byCode")}</Link>
          </li>
          <li>
            <Link to="/code" search={{ lost: true }}>
              {t("auth.lost")}
            </Link>
          </li>
        </>
      )}
      {staff}
      {others && <li>{others}</li>}
      <li>
        {t("auth.new")} <Link to="/register">{t("auth.register")}</Link>
      </li>
      <li>
        {t("auth.clinician")} <Link to="/register/clinician">{t("auth.registerClinician")}</Link>
      </li>
      {options && <PasskeyPlace options={options} />}
    </ul>
  );
}

/** Browsers bind a passkey to a name: at a bare address there is none, so the page says where there is. */
export function PasskeyPlace({ options }: { options: SignInOptions }) {
  const { t } = useTranslation();
  const { here, openAt } = options.passkey;
  if (here || !openAt || !hasPasskeys()) return null;
  return (
    <li>
      {t("passkey.elsewhere")} <a href={openAt + window.location.pathname}>{openAt}</a>
    </li>
  );
}
