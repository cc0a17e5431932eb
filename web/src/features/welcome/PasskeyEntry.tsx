import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { finishPasskeySignIn, startPasskeySignIn } from "@/api/identity";
import { hasPasskeys, passkeyTrouble, pickPasskey, suggestsPasskeys } from "@/lib/webauthn";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";

/** A ceremony of the server lasts five minutes; the suggestions of the field are begun anew a little before. */
const RENEW_MS = 4 * 60_000;

/** One gesture and one is in: by the button, or by the suggestions of the field for the name. */
export function PasskeyEntry({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  // A browser asks one question at a time: the press of the button ends the quiet one.
  const quiet = useRef<AbortController | null>(null);
  const enter = useMutation({
    mutationFn: async () => {
      quiet.current?.abort();
      const { ceremony, options } = await startPasskeySignIn();
      const credential = await pickPasskey(options, AbortSignal.timeout(RENEW_MS));
      return finishPasskeySignIn(ceremony, credential);
    },
    onSuccess: onSignedIn,
  });
  const finish = useMutation({
    mutationFn: ({ ceremony, credential }: { ceremony: string; credential: Record<string, unknown> }) =>
      finishPasskeySignIn(ceremony, credential),
    onSuccess: onSignedIn,
  });
  const { mutate } = finish;

  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const suggest = async () => {
      if (over || !(await suggestsPasskeys())) return;
      const asking = new AbortController();
      quiet.current = asking;
      timer = setTimeout(() => {
        asking.abort();
        suggest();
      }, RENEW_MS);
      try {
        const { ceremony, options } = await startPasskeySignIn();
        if (over || asking.signal.aborted) return;
        const credential = await pickPasskey(options, asking.signal, true);
        mutate({ ceremony, credential });
      } catch {
        // Nothing was asked for aloud, so nothing is said: the button and the form are there.
      }
    };
    suggest();
    return () => {
      over = true;
      clearTimeout(timer);
      quiet.current?.abort();
    };
  }, [mutate]);

  if (!hasPasskeys()) return null;
  const error = enter.error ?? finish.error;
  const trouble = passkeyTrouble(error);
  const unknown = error instanceof Problem && error.kind === "login-failed";
  return (
    <div className="stack">
      <Button
        kind="main"
        wide
        icon={<IconFingerprint aria-hidden />}
        busy={enter.isPending || finish.isPending}
        onClick={() => enter.mutate()}
      >
        {t("passkey.enter")}
      </Button>
      <p className="muted small">{t("passkey.enterHint")}</p>
      {trouble && <Banner kind="warn">{t(`passkey.${trouble}`)}</Banner>}
      {unknown && (
        <Banner kind="error" title={t("passkey.unknown")}>
          {t("passkey.unknownText")}
        </Banner>
      )}
      {error && !trouble && !unknown && <ErrorNote error={error} />}
    </div>
  );
}
