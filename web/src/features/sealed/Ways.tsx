import { IconFingerprint } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Vault } from "@/api/types";
import { addWay, removeWay } from "@/api/vault";
import type { OpenVault } from "@/lib/vault/vault";
import { hasPasskeys } from "@/lib/webauthn";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Section } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { addPasskey, deviceName } from "./opening";
import css from "./Sealed.module.css";
import { Trouble } from "./Trouble";
import { TypeBack } from "./TypeBack";

/** The ways into a vault that is open: passkeys, and the recovery code. */
export function Ways({ vault, open }: { vault: Vault; open: OpenVault }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [fresh, setFresh] = useState<{ code: string; wrap: string } | null>(null);
  const add = useMutation({ mutationFn: () => addPasskey(client, open, deviceName()) });
  const remove = useMutation({
    mutationFn: removeWay,
    onSuccess: (answer) => client.setQueryData(["vault"], answer),
  });
  const renew = useMutation({
    mutationFn: async () => {
      const { newRecoveryCode, recoverySecret } = await import("@/lib/vault/codes");
      const { makeWay } = await import("@/lib/vault/vault");
      const code = newRecoveryCode();
      return { code, wrap: await makeWay(open, "recovery", recoverySecret(code)) };
    },
    onSuccess: setFresh,
  });
  // The code before opens the vault until somebody has shown that they hold the new one.
  const replace = useMutation({
    mutationFn: (wrap: string) => addWay({ kind: "recovery", name: t("vault.recoveryCode"), wrap }),
    onSuccess: (answer) => {
      client.setQueryData(["vault"], answer);
      setFresh(null);
      toast(t("vault.newCodeDone"));
    },
  });
  return (
    <Section title={t("vault.ways")}>
      <List label={t("vault.ways")}>
        {vault.ways.map((way) => (
          <li key={way.id} className={css.row}>
            <span>
              {way.kind === "passkey" && `${way.name} `}
              <span className={way.kind === "passkey" ? "muted small" : undefined}>{t(`vault.way.${way.kind}`)}</span>{" "}
              <span className="muted small">
                <When value={way.created} />
              </span>
            </span>
            {way.kind === "passkey" && (
              <Button size="small" busy={remove.isPending} onClick={() => remove.mutate(way.id)}>
                {t("vault.removeWay")}
                <span className="visually-hidden"> {way.name}</span>
              </Button>
            )}
          </li>
        ))}
      </List>
      <Trouble error={add.error ?? remove.error ?? renew.error} />
      <div className="row">
        {hasPasskeys() && (
          <Button icon={<IconFingerprint aria-hidden />} busy={add.isPending} onClick={() => add.mutate()}>
            {t("vault.addPasskey")}
          </Button>
        )}
        <Button busy={renew.isPending} onClick={() => renew.mutate()}>
          {t("vault.newCode")}
        </Button>
      </div>
      {fresh && (
        <TypeBack
          text={t("vault.newCodeText")}
          code={fresh.code}
          label={t("vault.newCodeUse")}
          busy={replace.isPending}
          error={replace.error}
          onTyped={() => replace.mutate(fresh.wrap)}
        />
      )}
    </Section>
  );
}
