import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { VaultOpening } from "@/api/types";
import { answerOpening, vaultOpenings } from "@/api/vault";
import { fromBase64 } from "@/lib/bytes";
import type { OpenVault } from "@/lib/vault/vault";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Form, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Trouble } from "./Trouble";

/** Devices that wait for one's answer: other devices of one's own, and those of people whose guardian one is. */
export function Answers({ vault }: { vault: OpenVault | null }) {
  const { t } = useTranslation();
  const found = useQuery(vaultOpenings);
  const own = vault
    ? (found.data?.own.filter((each) => each.kind === "device" && each.answers.length === 0) ?? [])
    : [];
  const waiting = [...own, ...(found.data?.asked ?? [])];
  if (waiting.length === 0) return null;
  return (
    <Section title={t("vault.waiting")}>
      {vault ? (
        waiting.map((opening) => <Waiting key={opening.id} opening={opening} vault={vault} />)
      ) : (
        <Banner>{t("vault.openFirst")}</Banner>
      )}
    </Section>
  );
}

function Waiting({ opening, vault }: { opening: VaultOpening; vault: OpenVault }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const answer = useMutation({
    mutationFn: async () => {
      const [{ deviceCode, readShort }, { SealError }, helpers] = await Promise.all([
        import("@/lib/vault/codes"),
        import("@/lib/vault/bytes"),
        import("@/lib/vault/helpers"),
      ]);
      // Only what was read from the other screen shows that this is its key, and not one that somebody put in between.
      const key = fromBase64(opening.publicKey);
      if (readShort(typed) !== (await deviceCode(key))) throw new SealError("code");
      const wrap =
        opening.kind === "device"
          ? await helpers.passKey(vault, key)
          : await helpers.passShare(vault, opening.share ?? "", key);
      return answerOpening(opening.id, wrap);
    },
    onSuccess: (rest) => client.setQueryData(vaultOpenings.queryKey, rest),
  });
  return (
    <Card>
      <Form onSubmit={() => answer.mutate()}>
        <p>{t(opening.kind === "device" ? "vault.waitingDevice" : "vault.waitingGuardian", { name: opening.name })}</p>
        <TextField label={t("vault.otherCode")} autoComplete="off" value={typed} onText={setTyped} />
        <Trouble error={answer.error} />
        <Button kind="main" type="submit" busy={answer.isPending} disabled={typed.trim() === ""}>
          {t("vault.letIn")}
        </Button>
      </Form>
    </Card>
  );
}
