import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cancelPassword, methods, revokePasskey } from "@/api/identity";
import type { SignInMethods } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { When } from "@/ui/When";

/** The day on which its owner can stop a recovery is the day on which they must see it. */
export default function WaitingHere() {
  const ways = useQuery(methods);
  return ways.data ? <Waiting ways={ways.data} kind="warn" /> : null;
}

/** What was begun and waits, each with a way to stop it: it may have been somebody else. */
export function Waiting({ ways, kind = "ok" }: { ways: SignInMethods; kind?: "ok" | "warn" }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: (id: number | null) => (id === null ? cancelPassword() : revokePasskey(id)),
    onSuccess: () => client.invalidateQueries({ queryKey: methods.queryKey }),
  });
  const passkeys = ways.passkeys.filter(({ readyAt }) => readyAt !== null && new Date(readyAt) > new Date());
  const waiting = [
    ...passkeys.map(({ id, name, readyAt }) => ({ id, text: t("recover.waitsPasskey", { name }), readyAt })),
    ...(ways.password.readyAt ? [{ id: null, text: t("recover.waitsPassword"), readyAt: ways.password.readyAt }] : []),
  ];
  return (
    <>
      {waiting.map(({ id, text, readyAt }) => (
        <Banner
          key={id ?? "password"}
          kind={kind}
          title={text}
          action={
            <Button size="small" busy={stop.isPending} onClick={() => stop.mutate(id)}>
              {t("recover.stop")}
            </Button>
          }
        >
          {t("recover.worksFrom")} <When value={readyAt ?? ""} timed />
        </Banner>
      ))}
      {stop.error && <ErrorNote error={stop.error} />}
    </>
  );
}
