import { IconFingerprint } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { enterRecoveryCode, methods, setPassword, signInOptions } from "@/api/identity";
import type { Account, SignInMethods } from "@/api/types";
import { hasPasskeys, passkeyTrouble } from "@/lib/webauthn";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { OwnPassword, SHORTEST_PASSWORD } from "./OwnPassword";
import { Sessions } from "./Sessions";
import { useNewPasskey } from "./useNewPasskey";
import { Waiting } from "./Waiting";

interface RecoverProps {
  account: Account;
  onSignOut: () => void;
  onEverywhere: () => void;
  /** The session is a full one from now on. */
  onFull: () => void;
}

/** For somebody who came in by a code alone: their account is open, their record is not. Two ways lead further. */
export function RecoverPage({ account, onSignOut, onEverywhere, onFull }: RecoverProps) {
  const { t } = useTranslation();
  const ways = useQuery(methods);
  return (
    <Page
      title={t("recover.title")}
      lead={t("recover.lead", { name: account.name })}
      narrow
      action={<Button onClick={onSignOut}>{t("auth.signOut")}</Button>}
    >
      {ways.isPending && <Skeleton rows={3} height={96} />}
      {ways.error && <ErrorNote error={ways.error} onRetry={() => ways.refetch()} />}
      {ways.data && (
        <>
          <Waiting ways={ways.data} />
          {ways.data.recoveryCodes.left > 0 && <WithCode onFull={onFull} />}
          <WithTime ways={ways.data} />
        </>
      )}
      <Sessions onEverywhere={onEverywhere} />
    </Page>
  );
}

function WithCode({ onFull }: { onFull: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const enter = useMutation({ mutationFn: () => enterRecoveryCode(code.trim()), onSuccess: onFull });
  const wrong = enter.error instanceof Problem && enter.error.kind === "login-failed";
  return (
    <Section title={t("recover.codeTitle")}>
      <Card>
        <Form onSubmit={() => enter.mutate()}>
          <p>{t("recover.codeText")}</p>
          <p className="muted">{t("recover.apps")}</p>
          <TextField
            label={t("recovery.code")}
            hint={t("recovery.codeHint")}
            autoComplete="off"
            value={code}
            onText={setCode}
            error={wrong ? t("recovery.wrong") : undefined}
          />
          {enter.error && !wrong && <ErrorNote error={enter.error} />}
          <div>
            <Button kind="main" type="submit" busy={enter.isPending} disabled={code.trim() === ""}>
              {t("recover.codeNow")}
            </Button>
          </div>
        </Form>
      </Card>
    </Section>
  );
}

function WithTime({ ways }: { ways: SignInMethods }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const options = useQuery(signInOptions);
  const here = options.data?.passkey.here === true && hasPasskeys();
  const [password, setNew] = useState("");
  const passkey = useNewPasskey(() => {});
  const change = useMutation({
    mutationFn: () => setPassword(password),
    onSuccess: () => {
      setNew("");
      client.invalidateQueries({ queryKey: methods.queryKey });
    },
  });
  const trouble = passkeyTrouble(passkey.error);
  return (
    <Section title={t("recover.timeTitle")}>
      <Card>
        <div className="stack">
          <p>{t("recover.timeText")}</p>
          {!ways.emailProved && <Banner kind="warn">{t("recover.unproved")}</Banner>}
          {here && (
            <div>
              <Button icon={<IconFingerprint aria-hidden />} busy={passkey.isPending} onClick={() => passkey.mutate()}>
                {t("recover.passkey")}
              </Button>
            </div>
          )}
          {trouble && <Banner kind="warn">{t(`passkey.${trouble}`)}</Banner>}
          {passkey.error && !trouble && <ErrorNote error={passkey.error} />}
          {!ways.password.readyAt && (
            <Form onSubmit={() => change.mutate()}>
              <OwnPassword label={t("password.new")} value={password} onText={setNew} error={change.error} />
              <div>
                <Button type="submit" busy={change.isPending} disabled={password.length < SHORTEST_PASSWORD}>
                  {t("recover.password")}
                </Button>
              </div>
            </Form>
          )}
        </div>
      </Card>
    </Section>
  );
}
