import { IconFingerprint, IconLock } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keepOpen } from "@/api/openVault";
import { createVault } from "@/api/vault";
import { hasPasskeys } from "@/lib/webauthn";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Section } from "@/ui/Page";
import { addPasskey, deviceName } from "./opening";
import { Trouble } from "./Trouble";
import { TypeBack } from "./TypeBack";

type Made = Awaited<ReturnType<typeof import("@/lib/vault/vault").makeVault>>;

/** A vault in three steps: what it is, its recovery code, and the passkey of this device. */
export function SetUp({ onBegin, onDone }: { onBegin: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [made, setMade] = useState<Made | null>(null);
  const [kept, setKept] = useState(false);
  const make = useMutation({
    mutationFn: async () => (await import("@/lib/vault/vault")).makeVault(),
    onSuccess: (fresh) => {
      setMade(fresh);
      onBegin();
    },
  });
  const keep = useMutation({
    mutationFn: async ({ kept: vault, recovery }: Made) => {
      const ways = [{ kind: "recovery" as const, name: t("vault.recoveryCode"), wrap: recovery.wrap }];
      return createVault({ ...vault, ways });
    },
    onSuccess: (answer) => {
      if (made) keepOpen(made.vault);
      setKept(true);
      client.setQueryData(["vault"], answer);
    },
  });
  const passkey = useMutation({
    mutationFn: async () => {
      if (made) await addPasskey(client, made.vault, deviceName());
    },
    onSuccess: onDone,
  });
  if (!made) {
    return (
      <Section title={t("vault.step1")}>
        <Card>
          <p>{t("vault.what")}</p>
          <Sees />
          <Banner kind="warn">{t("vault.lostText")}</Banner>
          <Trouble error={make.error} />
          <Button kind="main" icon={<IconLock aria-hidden />} busy={make.isPending} onClick={() => make.mutate()}>
            {t("vault.begin")}
          </Button>
        </Card>
      </Section>
    );
  }
  if (!kept) {
    return (
      <Section title={t("vault.step2")}>
        <TypeBack
          text={t("vault.codeText")}
          code={made.recovery.code}
          label={t("vault.create")}
          busy={keep.isPending}
          error={keep.error}
          onTyped={() => keep.mutate(made)}
        />
      </Section>
    );
  }
  return (
    <Section title={t("vault.step3")}>
      <Card>
        <p>{t("vault.passkeyText")}</p>
        <Trouble error={passkey.error} />
        <div className="row">
          {hasPasskeys() && (
            <Button
              kind="main"
              icon={<IconFingerprint aria-hidden />}
              busy={passkey.isPending}
              onClick={() => passkey.mutate()}
            >
              {t("vault.addPasskey")}
            </Button>
          )}
          <Button onClick={onDone}>{t("vault.later")}</Button>
        </div>
      </Card>
    </Section>
  );
}

/** What the server sees of sealed documents, and what it cannot. */
export function Sees({ level: Heading = "h3" }: { level?: "h2" | "h3" }) {
  const { t } = useTranslation();
  return (
    <div className="two">
      <div>
        <Heading>{t("vault.sees")}</Heading>
        <p className="muted">{t("vault.seesText")}</p>
      </div>
      <div>
        <Heading>{t("vault.seesNot")}</Heading>
        <p className="muted">{t("vault.seesNotText")}</p>
      </div>
    </div>
  );
}
