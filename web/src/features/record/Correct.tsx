import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cases, openCorrection } from "@/api/cases";
import { Problem } from "@/api/client";
import { Button, ButtonLink } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText } from "@/ui/Field";
import { Section } from "@/ui/Page";

interface CorrectProps {
  type: string;
  id: string;
  title: string;
}

/** The patient says that an entry is wrong: whoever wrote it must correct it, or say why not. */
export function Correct(props: CorrectProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Section
      title={t("correct.title")}
      action={
        <Button kind="quiet" size="small" onClick={() => setOpen(true)}>
          {t("correct.open")}
        </Button>
      }
    >
      <p className="muted small">{t("correct.lead")}</p>
      {open && <CorrectDialog {...props} onClose={() => setOpen(false)} />}
    </Section>
  );
}

function CorrectDialog({ type, id, title, onClose }: CorrectProps & { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [proposal, setProposal] = useState("");
  const ask = useMutation({
    mutationFn: () => openCorrection(type, id, reason.trim(), proposal.trim()),
    onSuccess: () => client.invalidateQueries({ queryKey: cases.queryKey }),
  });
  const problem = ask.error instanceof Problem ? ask.error : null;
  if (ask.isSuccess) {
    return (
      <Dialog open title={t("correct.sent")} onClose={onClose}>
        <p>{t("correct.sentText", { name: ask.data.reader.name })}</p>
        <DialogActions>
          <Button onClick={onClose}>{t("common.close")}</Button>
          <ButtonLink to="/cases" kind="main">
            {t("askAccess.see")}
          </ButtonLink>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog open title={t("correct.heading", { title })} onClose={onClose}>
      <Form onSubmit={() => ask.mutate()}>
        <LongText
          label={t("correct.reason")}
          hint={t("correct.reasonHint")}
          value={reason}
          onText={setReason}
          error={problem?.issue("reason")}
          maxLength={2000}
          required
        />
        <LongText
          label={t("correct.proposal")}
          hint={t("correct.proposalHint")}
          value={proposal}
          onText={setProposal}
          error={problem?.issue("proposal")}
          maxLength={2000}
        />
        {ask.error && <ErrorNote error={ask.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" kind="main" busy={ask.isPending} disabled={reason.trim().length < 5}>
            {t("correct.send")}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
