import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { enterCode, sendCode } from "@/api/identity";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Door } from "./Door";
import css from "./Welcome.module.css";

const DIGITS = 8;

interface CodePageProps {
  /** One comes because a phone or a password is lost. */
  lost: boolean;
  onSignedIn: () => void;
}

/** A code by e-mail: enough for one's own account, never for a record. With a recovery code it is enough for everything. */
export function CodePage({ lost, onSignedIn }: CodePageProps) {
  const { t } = useTranslation();
  const title = t(lost ? "lost.title" : "code.title");
  useTitle(title);
  const [email, setEmail] = useState("");
  const [request, setRequest] = useState<string | null>(null);
  const send = useMutation({
    mutationFn: () => sendCode(email.trim()),
    onSuccess: (answer) => setRequest(answer.request),
  });
  const problem = send.error instanceof Problem ? send.error : null;
  return (
    <Door>
      <div>
        <PageHeading>{title}</PageHeading>
        <p className="muted">{t(lost ? "lost.lead" : "code.lead")}</p>
      </div>
      {lost && request === null && (
        <ol className={css.steps}>
          {(["code", "now", "wait"] as const).map((step) => (
            <li key={step}>{t(`lost.${step}`)}</li>
          ))}
        </ol>
      )}
      {request === null ? (
        <Form onSubmit={() => send.mutate()}>
          <TextField
            label={t("register.email")}
            type="email"
            inputMode="email"
            autoComplete="email"
            value={email}
            onText={setEmail}
            error={problem?.issue("email")}
            required
          />
          {send.error && !problem?.issue("email") && <ErrorNote error={send.error} />}
          <Button kind="main" type="submit" wide busy={send.isPending} disabled={!email.includes("@")}>
            {t("code.send")}
          </Button>
        </Form>
      ) : (
        <EnterCode
          key={request}
          email={email.trim()}
          request={request}
          again={() => send.mutate()}
          sending={send.isPending}
          trouble={send.error}
          onSignedIn={onSignedIn}
        />
      )}
      <ul className={css.ways}>
        <li>
          <Link to="/sign-in">{t("code.otherWay")}</Link>
        </li>
      </ul>
    </Door>
  );
}

interface EnterProps {
  email: string;
  request: string;
  again: () => void;
  sending: boolean;
  trouble: unknown;
  onSignedIn: () => void;
}

function EnterCode({ email, request, again, sending, trouble, onSignedIn }: EnterProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState("");
  const [hasRecovery, setHasRecovery] = useState(false);
  const enter = useMutation({
    mutationFn: () => enterCode(request, code, hasRecovery ? recovery.trim() : undefined),
    onSuccess: onSignedIn,
  });
  const kind = enter.error instanceof Problem ? enter.error.kind : "";
  return (
    <Form onSubmit={() => enter.mutate()}>
      <Banner title={t("code.sentTitle")}>{t("code.sent", { email })}</Banner>
      <TextField
        label={t("code.code")}
        hint={t("code.hint")}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onText={(text) => setCode(text.replace(/\D/g, "").slice(0, DIGITS))}
        error={kind === "code-failed" ? t("code.wrong") : undefined}
        required
      />
      {hasRecovery ? (
        <TextField
          label={t("recovery.code")}
          hint={`${t("recovery.codeHint")} ${t("recover.apps")}`}
          autoComplete="off"
          value={recovery}
          onText={setRecovery}
          error={kind === "login-failed" ? t("recovery.wrong") : undefined}
        />
      ) : (
        <Button kind="quiet" wide onClick={() => setHasRecovery(true)}>
          {t("code.haveRecovery")}
        </Button>
      )}
      {(trouble || (enter.error && !["code-failed", "login-failed"].includes(kind))) && (
        <ErrorNote error={trouble ?? enter.error} />
      )}
      <Button kind="main" type="submit" wide busy={enter.isPending} disabled={code.length !== DIGITS}>
        {t("auth.signIn")}
      </Button>
      <Button kind="quiet" wide busy={sending} onClick={again}>
        {t("code.again")}
      </Button>
    </Form>
  );
}
