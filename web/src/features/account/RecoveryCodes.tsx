import { IconCopy, IconDownload, IconPrinter } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { makeRecoveryCodes, methods } from "@/api/identity";
import type { SignInMethods } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Confirm, Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { save } from "@/ui/save";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./AccountPage.module.css";

/** So few are left that one should make new ones. */
const FEW = 3;

export function RecoveryCodes({ left, created }: SignInMethods["recoveryCodes"]) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const make = useMutation({
    mutationFn: makeRecoveryCodes,
    onSuccess: (made) => {
      client.invalidateQueries({ queryKey: methods.queryKey });
      setCodes(made.codes);
    },
    onSettled: () => setAsking(false),
  });
  return (
    <div className="stack">
      <div className="spread">
        <h3>{t("recovery.title")}</h3>
        <Button size="small" busy={make.isPending} onClick={() => (left > 0 ? setAsking(true) : make.mutate())}>
          {t(left > 0 ? "recovery.again" : "recovery.make")}
        </Button>
      </div>
      <p className="muted">{t("recovery.text")}</p>
      {created && (
        <p>
          {t("recovery.left", { count: left })} {t("recovery.made")} <When value={created} />
        </p>
      )}
      {created !== null && left < FEW && <Banner kind="warn">{t("recovery.few")}</Banner>}
      {make.error && <ErrorNote error={make.error} />}
      <Confirm
        open={asking}
        title={t("recovery.againTitle")}
        confirm={t("recovery.again")}
        busy={make.isPending}
        onConfirm={() => make.mutate()}
        onClose={() => setAsking(false)}
      >
        {t("recovery.againText")}
      </Confirm>
      <Dialog open={codes !== null} title={t("recovery.yours")} onClose={() => setCodes(null)}>
        {codes && <Once codes={codes} onClose={() => setCodes(null)} />}
      </Dialog>
    </div>
  );
}

/** The only time these codes are seen. */
function Once({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const text = codes.join("\n");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast(t("recovery.copied")),
      () => toast(t("recovery.notCopied")),
    );
  return (
    <div className="stack print-alone">
      <p>{t("recovery.once")}</p>
      <ol className={`mono ${css.codes}`} aria-label={t("recovery.title")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="row">
        <Button size="small" icon={<IconPrinter aria-hidden />} onClick={() => window.print()}>
          {t("recovery.print")}
        </Button>
        <Button size="small" icon={<IconCopy aria-hidden />} onClick={copy}>
          {t("recovery.copy")}
        </Button>
        <Button
          size="small"
          icon={<IconDownload aria-hidden />}
          onClick={() => save("healthsync-recovery-codes.txt", `HealthSync\n\n${text}\n`, "text/plain")}
        >
          {t("recovery.download")}
        </Button>
      </div>
      <DialogActions>
        <Button kind="main" onClick={onClose}>
          {t("recovery.kept")}
        </Button>
      </DialogActions>
    </div>
  );
}
