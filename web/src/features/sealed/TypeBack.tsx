import { IconPrinter } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { grouped } from "@/lib/vault/codes";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Form, TextField } from "@/ui/Field";
import css from "./Sealed.module.css";
import { Trouble } from "./Trouble";

interface TypeBackProps {
  text: string;
  code: string;
  label: string;
  busy: boolean;
  error: unknown;
  onTyped: () => void;
}

/** A recovery code that is shown once, and typed back before anything depends on it. */
export function TypeBack({ text, code, label, busy, error, onTyped }: TypeBackProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const check = useMutation({
    mutationFn: async () => {
      const { SealError } = await import("@/lib/vault/bytes");
      const { recoverySecret } = await import("@/lib/vault/codes");
      if (new TextDecoder().decode(recoverySecret(typed)) !== code) throw new SealError("code");
    },
    onSuccess: onTyped,
  });
  return (
    <Card>
      <p>{text}</p>
      <p className={css.code} data-testid="recovery-code">
        {grouped(code)}
      </p>
      <Button size="small" icon={<IconPrinter aria-hidden />} onClick={() => window.print()}>
        {t("vault.print")}
      </Button>
      <Form onSubmit={() => check.mutate()}>
        <TextField label={t("vault.typeBack")} autoComplete="off" value={typed} onText={setTyped} />
        <Trouble error={check.error ?? error} />
        <Button kind="main" type="submit" busy={busy || check.isPending} disabled={typed.trim() === ""}>
          {label}
        </Button>
      </Form>
    </Card>
  );
}
