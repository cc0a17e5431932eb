import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Vault } from "@/api/types";
import { askOpening, endOpening, vaultOpenings } from "@/api/vault";
import { fromBase64, toBase64 } from "@/lib/bytes";
import { grouped } from "@/lib/vault/codes";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Section } from "@/ui/Page";
import { forgetPair, keepPair, keptPair } from "./device";
import { openByOneOf } from "./opening";
import css from "./Sealed.module.css";
import { Trouble } from "./Trouble";

/** Has this device let in by another of one's devices, or by guardians. */
export function Ask({ vault }: { vault: Vault }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const kept = useQuery({ queryKey: ["vault", "device"], queryFn: async () => (await keptPair(vault.code)) ?? null });
  const openings = useQuery({ ...vaultOpenings, refetchInterval: kept.data ? 5_000 : false });
  const mine = openings.data?.own.find((each) => each.publicKey === kept.data?.publicKey);
  const ask = useMutation({
    mutationFn: async (kind: "device" | "guardians") => {
      const { newDeviceKeys } = await import("@/lib/vault/helpers");
      const { deviceCode } = await import("@/lib/vault/codes");
      const { pair, publicKey } = await newDeviceKeys();
      const code = await deviceCode(publicKey);
      // First what this browser needs to use an answer: where it keeps nothing, nobody is asked.
      await keepPair({ vault: vault.code, pair, publicKey: toBase64(publicKey), code });
      await askOpening(kind, toBase64(publicKey)).catch(async (error) => {
        await forgetPair(vault.code);
        throw error;
      });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["vault"] }),
  });
  const stop = useMutation({
    mutationFn: async () => {
      if (mine) await endOpening(mine.id);
      await forgetPair(vault.code);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["vault"] }),
  });
  const enter = useMutation({
    mutationFn: async () => {
      if (!mine || !kept.data) return;
      const { receiveKey, receiveShares } = await import("@/lib/vault/helpers");
      const { pair, publicKey } = kept.data;
      const wraps = mine.answers.map((answer) => answer.wrap);
      const raw = fromBase64(publicKey);
      const accounts =
        mine.kind === "device"
          ? [await receiveKey(pair, raw, wraps[0] ?? "")]
          : await receiveShares(pair, raw, wraps, vault.code);
      await openByOneOf(vault, accounts);
      await endOpening(mine.id);
      await forgetPair(vault.code);
      client.invalidateQueries({ queryKey: ["vault"] });
    },
  });
  const enough = (mine?.answers.length ?? 0) >= (mine?.kind === "guardians" ? 2 : 1);
  const { mutate, isPending } = enter;
  // Each further answer is one more chance.
  const answered = mine?.answers.length ?? 0;
  const tried = useRef(0);
  useEffect(() => {
    if (!enough || isPending || tried.current === answered) return;
    tried.current = answered;
    mutate();
  }, [enough, isPending, answered, mutate]);
  if (mine && kept.data) {
    return (
      <Card>
        <h3>{t(mine.kind === "device" ? "vault.askDevice" : "vault.askGuardians")}</h3>
        <p>{t(mine.kind === "device" ? "vault.deviceSteps" : "vault.guardianSteps")}</p>
        <p className={css.code} data-testid="device-code">
          {grouped(kept.data.code)}
        </p>
        {mine.kind === "guardians" && <p>{t("vault.answered", { count: mine.answers.length })}</p>}
        <Trouble error={enter.error ?? stop.error} />
        <div>
          <Button busy={stop.isPending} onClick={() => stop.mutate()}>
            {t("common.cancel")}
          </Button>
        </div>
      </Card>
    );
  }
  return (
    <Section title={t("vault.otherWays")}>
      <Trouble error={ask.error} />
      <div className="row">
        <Button busy={ask.isPending} onClick={() => ask.mutate("device")}>
          {t("vault.askDevice")}
        </Button>
        {vault.guardians.length > 0 && (
          <Button busy={ask.isPending} onClick={() => ask.mutate("guardians")}>
            {t("vault.askGuardians")}
          </Button>
        )}
      </div>
    </Section>
  );
}
