import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { signIn } from "@/api/auth";
import { Problem } from "@/api/client";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, PasswordField, TextField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { DemoAccounts } from "./DemoAccounts";
import { Door } from "./Door";

interface SignInProps {
  /** Why one is here, when it was not one's own choice. */
  notice?: "idle" | "ended";
  onSignedIn: () => void;
}

export function SignInPage({ notice, onSignedIn }: SignInProps) {
  const { t } = useTranslation();
  useTitle(t("auth.signIn"));
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({ mutationFn: () => signIn(username.trim(), password), onSuccess: onSignedIn });
  const wrong = enter.error instanceof Problem && enter.error.status === 401;
  return (
    <Door>
      <PageHeading>{t("auth.signIn")}</PageHeading>
      {notice && <Banner>{t(notice === "idle" ? "auth.idle" : "auth.ended")}</Banner>}
      <Form onSubmit={() => enter.mutate()}>
        <TextField
          label={t("auth.username")}
          name="username"
          autoComplete="username"
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
          kind="main"
          type="submit"
          wide
          busy={enter.isPending}
          disabled={username.trim() === "" || password === ""}
        >
          {t("auth.signIn")}
        </Button>
      </Form>
      <p>
        {t("auth.new")} <Link to="/register">{t("auth.register")}</Link>
      </p>
      <DemoAccounts onSignedIn={onSignedIn} />
    </Door>
  );
}
