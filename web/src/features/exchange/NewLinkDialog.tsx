import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createHealthLink } from "@/api/exchange";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, Form, SelectField, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";

const LASTING = ["1", "7", "30", "365", "open"] as const;
type Lasting = (typeof LASTING)[number];

const endOf = (lasting: Lasting): string | null =>
  lasting === "open" ? null : new Date(Date.now() + Number(lasting) * 86_400_000).toISOString();

/** What a new link is for, whether it needs a passcode, and how long it lasts. */
export function NewLinkDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} title={t("links.new")} onClose={onClose}>
      <NewLinkForm onClose={onClose} />
    </Dialog>
  );
}

function NewLinkForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [label, setLabel] = useState("");
  const [passcode, setPasscode] = useState("");
  const [lasting, setLasting] = useState<Lasting>("365");
  const [sensitive, setSensitive] = useState(false);
  const [tell, setTell] = useState(true);
  const make = useMutation({
    mutationFn: () =>
      createHealthLink({
        label: label.trim(),
        passcode: passcode.trim() || null,
        until: endOf(lasting),
        sensitive,
        direct: false,
        tell,
      }),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["links"] });
      toast(t("links.made"));
      onClose();
    },
  });
  return (
    <Form onSubmit={() => make.mutate()}>
      <TextField
        label={t("links.label")}
        hint={t("links.labelHint")}
        value={label}
        onText={setLabel}
        maxLength={80}
        required
      />
      <TextField
        label={t("links.passcodeOptional")}
        hint={t("links.passcodeHint")}
        value={passcode}
        onText={setPasscode}
        autoComplete="off"
        maxLength={64}
      />
      <SelectField
        label={t("links.until")}
        value={lasting}
        onPick={setLasting}
        options={LASTING.map((value) => ({ value, label: t(`links.lasting.${value}`) }))}
      />
      <CheckField
        label={t("links.sensitive")}
        hint={t("links.sensitiveHint")}
        checked={sensitive}
        onCheck={setSensitive}
      />
      <CheckField label={t("links.tell")} checked={tell} onCheck={setTell} />
      {make.error && <ErrorNote error={make.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button kind="main" type="submit" busy={make.isPending} disabled={label.trim() === ""}>
          {t("links.make")}
        </Button>
      </DialogActions>
    </Form>
  );
}
