import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isGone } from "@/api/client";
import type { Vault } from "@/api/types";
import { publicKeysBy, setGuardians } from "@/api/vault";
import { fromBase64 } from "@/lib/bytes";
import type { OpenVault } from "@/lib/vault/vault";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Confirm } from "@/ui/Dialog";
import { Form, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Trouble } from "./Trouble";

/** Three people who each hold a share of the key: two of them together let their owner in again. */
export function Guardians({ vault, open }: { vault: Vault; open: OpenVault }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [codes, setCodes] = useState<string[] | null>(null);
  const [wrong, setWrong] = useState<number[]>([]);
  const [ending, setEnding] = useState(false);
  const name = useMutation({
    mutationFn: async (typed: string[]) => {
      const [{ readShort, vaultCode }, { SealError }, { makeShares }] = await Promise.all([
        import("@/lib/vault/codes"),
        import("@/lib/vault/bytes"),
        import("@/lib/vault/helpers"),
      ]);
      const unknown: number[] = [];
      const found = await Promise.all(
        typed.map(async (text, i) => {
          const code = readShort(text);
          const keys = code
            ? await publicKeysBy(code).catch((error) => {
                if (isGone(error)) return null;
                throw error;
              })
            : null;
          if (!code || !keys) {
            unknown.push(i);
            return [];
          }
          const [boxKey, signKey] = [fromBase64(keys.boxKey), fromBase64(keys.signKey)];
          // The code is what the guardian told: keys that somebody put in between have another.
          if ((await vaultCode(boxKey, signKey)) !== code) throw new SealError("code");
          return [{ code, boxKey }];
        }),
      );
      setWrong(unknown);
      if (unknown.length > 0) return null;
      const guardians = found.flat();
      return setGuardians(guardians.length > 0 ? await makeShares(open, guardians) : []);
    },
    onSuccess: (answer) => {
      if (!answer) return;
      client.setQueryData(["vault"], answer);
      setCodes(null);
      setEnding(false);
    },
  });
  return (
    <Section title={t("vault.guardians")}>
      <p>{t("vault.guardiansText")}</p>
      {vault.guardians.length > 0 && (
        <List label={t("vault.guardians")}>
          {vault.guardians.map((guardian) => (
            <li key={guardian.code}>{guardian.name}</li>
          ))}
        </List>
      )}
      {codes ? (
        <Form onSubmit={() => name.mutate(codes)}>
          {codes.map((code, i) => (
            <TextField
              // biome-ignore lint/suspicious/noArrayIndexKey: three fields that never move.
              key={i}
              label={t("vault.guardianCode", { number: i + 1 })}
              autoComplete="off"
              value={code}
              error={wrong.includes(i) ? t("vault.noSuchCode") : undefined}
              onText={(text) => setCodes(codes.map((each, at) => (at === i ? text : each)))}
            />
          ))}
          <Trouble error={name.error} />
          <div className="row">
            <Button onClick={() => setCodes(null)}>{t("common.cancel")}</Button>
            <Button kind="main" type="submit" busy={name.isPending} disabled={codes.some((code) => code.trim() === "")}>
              {t("common.save")}
            </Button>
          </div>
        </Form>
      ) : (
        <div className="row">
          <Button onClick={() => setCodes(["", "", ""])}>{t("vault.nameGuardians")}</Button>
          {vault.guardians.length > 0 && <Button onClick={() => setEnding(true)}>{t("vault.noGuardians")}</Button>}
        </div>
      )}
      <Confirm
        open={ending}
        title={t("vault.noGuardiansTitle")}
        confirm={t("vault.noGuardians")}
        danger
        busy={name.isPending}
        onConfirm={() => name.mutate([])}
        onClose={() => setEnding(false)}
      >
        <p>{t("vault.noGuardiansText")}</p>
        <Trouble error={name.error} />
      </Confirm>
    </Section>
  );
}
