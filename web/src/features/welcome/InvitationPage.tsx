import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { acceptInvitation } from "@/api/verification";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, PasswordField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Door } from "./Door";

const SHORTEST_PASSWORD = 8;

/** Somebody was invited: the link brought a secret behind its hash, which no server on the way has seen. */
export function InvitationPage({ secret, onSignedIn }: { secret: string; onSignedIn: () => void }) {
  const { t } = useTranslation();
  useTitle(t("invitation.title"));
  const [password, setPassword] = useState("");
  const accept = useMutation({ mutationFn: () => acceptInvitation(secret, password), onSuccess: onSignedIn });
  const problem = accept.error instanceof Problem ? accept.error : null;
  const gone = secret === "" || problem?.kind === "invitation";
  return (
    <Door>
      <div>
        <PageHeading>{t("invitation.title")}</PageHeading>
        <p className="muted">{t("invitation.lead")}</p>
      </div>
      {gone ? (
        <Banner kind="warn" title={t("invitation.gone")}>
          {t("invitation.goneText")} <Link to="/sign-in">{t("auth.signIn")}</Link>
        </Banner>
      ) : (
        <Form onSubmit={() => accept.mutate()}>
          <PasswordField
            label={t("invitation.password")}
            hint={t("register.passwordHint")}
            autoComplete="new-password"
            value={password}
            onText={setPassword}
            error={problem?.issue("password")}
            required
          />
          {problem && problem.issues.length === 0 && <ErrorNote error={problem} />}
          <Button kind="main" type="submit" wide busy={accept.isPending} disabled={password.length < SHORTEST_PASSWORD}>
            {t("invitation.accept")}
          </Button>
        </Form>
      )}
    </Door>
  );
}
