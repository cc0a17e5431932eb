import { useState } from "react";
import { useTranslation } from "react-i18next";
import { issueOf } from "@/api/client";
import type { OwnKind } from "@/api/profile";
import type { Resource } from "@/api/record";
import { isoDay } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Combo } from "@/ui/Combo";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, Form, TextField } from "@/ui/Field";
import { CODES, offered } from "./codes";
import { BLANK, entryOf, formOf } from "./resources";
import { differs, useDiscard } from "./useDiscard";
import { useSaved } from "./useSaved";

interface DialogProps {
  kind: Exclude<OwnKind, "Coverage">;
  patient: string;
  old: Resource | undefined;
  onClose: () => void;
  onSaved: () => void;
}

/** One own entry. What was written stays until it is kept. */
export function EntryDialog({ kind, patient, old, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation();
  const { save } = useSaved(patient);
  const [first] = useState(() => (old ? formOf(old) : BLANK));
  const [form, setForm] = useState(first);
  const { close, question } = useDiscard(differs(form, first), onClose);
  const [tried, setTried] = useState(false);
  const today = isoDay(new Date());
  const noName = form.name.trim() === "";
  const ahead = form.since > today;
  const keep = () => {
    setTried(true);
    if (!noName && !ahead) save.mutate(entryOf(kind, patient, form, today, old), { onSuccess: onSaved });
  };
  return (
    <Dialog open title={t(old ? `profile.kind.${kind}.change` : `profile.kind.${kind}.add`)} onClose={close}>
      <Form onSubmit={keep}>
        <Combo
          label={t(`profile.kind.${kind}.name`)}
          hint={t("profile.nameHint")}
          value={form.name}
          error={tried && noName ? t("profile.nameMissing") : issueOf(save.error, `${kind}.code`)}
          options={(text) =>
            offered(CODES[kind], text).map((each) => ({ value: each.code, text: each.text, detail: each.code }))
          }
          onText={(name) => setForm({ ...form, name })}
          onPick={(_, name) => setForm({ ...form, name })}
        />
        <TextField
          label={t(`profile.kind.${kind}.note`)}
          value={form.note}
          maxLength={300}
          onText={(note) => setForm({ ...form, note })}
        />
        <TextField
          label={t("profile.since")}
          type="date"
          value={form.since}
          max={today}
          error={tried && ahead ? t("profile.sinceAhead") : undefined}
          onText={(since) => setForm({ ...form, since })}
        />
        {kind === "AllergyIntolerance" && (
          <CheckField
            label={t("profile.severe")}
            hint={t("profile.severeHint")}
            checked={form.severe}
            onCheck={(severe) => setForm({ ...form, severe })}
          />
        )}
        {save.error && <ErrorNote error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" busy={save.isPending}>
            {t("common.save")}
          </Button>
        </DialogActions>
      </Form>
      {question}
    </Dialog>
  );
}
