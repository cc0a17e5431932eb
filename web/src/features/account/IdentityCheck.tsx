import { IconFingerprint } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/auth";
import { Problem, whenConfirmationIsNeeded } from "@/api/client";
import { type Confirmation, type ConfirmationWays, confirmIdentity, startConfirmation } from "@/api/identity";
import { hasPasskeys, passkeyTrouble, pickPasskey } from "@/lib/webauthn";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, PasswordField, TextField } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";

/** Asks "Confirm it is you" whenever an act needs a fresh proof. The act then repeats itself; who gives up keeps the session. */
export function IdentityCheck() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const answer = useRef<((confirmed: boolean) => void) | null>(null);
  const asked = useRef<Promise<boolean> | null>(null);

  useEffect(
    () =>
      whenConfirmationIsNeeded(() => {
        // Several acts at once are one question.
        asked.current ??= new Promise<boolean>((resolve) => {
          answer.current = resolve;
          setOpen(true);
        });
        return asked.current;
      }),
    [],
  );

  const end = (confirmed: boolean) => {
    setOpen(false);
    asked.current = null;
    answer.current?.(confirmed);
    if (confirmed) client.invalidateQueries({ queryKey: session.queryKey });
  };

  return (
    <Dialog over open={open} title={t("confirm.title")} onClose={() => end(false)}>
      {open && <Ways onConfirmed={() => end(true)} onCancel={() => end(false)} />}
    </Dialog>
  );
}

function Ways({ onConfirmed, onCancel }: { onConfirmed: () => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const start = useMutation({ mutationFn: startConfirmation });
  const { mutate } = start;
  useEffect(() => mutate(), [mutate]);
  if (start.error) return <ErrorNote error={start.error} onRetry={() => mutate()} />;
  if (!start.data) return <Skeleton rows={2} height={48} />;
  return (
    <div className="stack">
      <p>{t("confirm.text")}</p>
      <Proofs ways={start.data} onConfirmed={onConfirmed} onCancel={onCancel} />
    </div>
  );
}

function Proofs({
  ways,
  onConfirmed,
  onCancel,
}: {
  ways: ConfirmationWays;
  onConfirmed: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: (proof: () => Promise<Confirmation>) => proof().then(confirmIdentity),
    onSuccess: onConfirmed,
  });
  const withPasskey = hasPasskeys() && ways.passkey;
  const withPassword = ways.methods.includes("password");
  const withCode = ways.methods.includes("recovery-code");
  const wrong = confirm.error instanceof Problem && confirm.error.kind === "login-failed";
  const trouble = passkeyTrouble(confirm.error);
  return (
    <Form
      onSubmit={() => {
        if (withPassword && password !== "") confirm.mutate(async () => ({ password }));
        else if (withCode && code !== "") confirm.mutate(async () => ({ recoveryCode: code.trim() }));
      }}
    >
      {withPasskey && (
        <Button
          kind="main"
          wide
          icon={<IconFingerprint aria-hidden />}
          busy={confirm.isPending}
          onClick={() =>
            confirm.mutate(async () => ({
              ceremony: withPasskey.ceremony,
              credential: await pickPasskey(withPasskey.options, AbortSignal.timeout(120_000)),
            }))
          }
        >
          {t("confirm.passkey")}
        </Button>
      )}
      {withPassword && (
        <PasswordField
          label={t("auth.password")}
          name="password"
          autoComplete="current-password"
          value={password}
          onText={setPassword}
        />
      )}
      {!withPassword && withCode && (
        <TextField
          label={t("recovery.code")}
          hint={t("recovery.codeHint")}
          autoComplete="off"
          value={code}
          onText={setCode}
        />
      )}
      {wrong && <Banner kind="error" title={t("confirm.wrong")} />}
      {trouble && <Banner kind="warn">{t(`passkey.${trouble}`)}</Banner>}
      {confirm.error && !wrong && !trouble && <ErrorNote error={confirm.error} />}
      <DialogActions>
        <Button onClick={onCancel}>{t("common.cancel")}</Button>
        {(withPassword || withCode) && (
          <Button
            kind={withPasskey ? "plain" : "main"}
            type="submit"
            busy={confirm.isPending}
            disabled={password === "" && code === ""}
          >
            {t("confirm.now")}
          </Button>
        )}
      </DialogActions>
    </Form>
  );
}
