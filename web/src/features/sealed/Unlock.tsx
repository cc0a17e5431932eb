import { IconFingerprint, IconLockOpen } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Vault } from "@/api/types";
import { hasPasskeys } from "@/lib/webauthn";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Form, TextField } from "@/ui/Field";
import { openByCode, openByPasskey } from "./opening";
import { Trouble } from "./Trouble";

/** Opens one's vault in this page: by a passkey where one can, else by the recovery code. */
export function Unlock({ vault, more = true }: { vault: Vault; more?: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const open = useMutation({ mutationFn: (way: () => Promise<unknown>) => way() });
  const passkey = hasPasskeys() && vault.ways.some((way) => way.kind === "passkey");
  return (
    <Card>
      <Form onSubmit={() => open.mutate(() => openByCode(vault, code))}>
        <p>{t("vault.closedText")}</p>
        {passkey && (
          <Button
            kind="main"
            icon={<IconFingerprint aria-hidden />}
            busy={open.isPending}
            onClick={() => open.mutate(() => openByPasskey(client, vault))}
          >
            {t("vault.openPasskey")}
          </Button>
        )}
        <TextField
          label={t("vault.recoveryCode")}
          hint={t("vault.recoveryHint")}
          autoComplete="off"
          value={code}
          onText={setCode}
        />
        <Trouble error={open.error} />
        <div className="row">
          <Button
            type="submit"
            kind={passkey ? "plain" : "main"}
            icon={<IconLockOpen aria-hidden />}
            busy={open.isPending}
            disabled={code.trim() === ""}
          >
            {t("vault.openCode")}
          </Button>
          {more && <ButtonLink to="/account/vault">{t("vault.otherWays")}</ButtonLink>}
        </div>
      </Form>
    </Card>
  );
}
