import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cases, openCase } from "@/api/cases";
import { Problem } from "@/api/client";
import type { LedgerEntry } from "@/api/types";
import { Button, ButtonLink } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText } from "@/ui/Field";

/** Opens a case: whoever read, and the administrators, must say why. */
export function AskDialog({ entry, onClose }: { entry: LedgerEntry; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [question, setQuestion] = useState("");
  const ask = useMutation({
    mutationFn: () => openCase(entry.seq, question.trim()),
    onSuccess: () => client.invalidateQueries({ queryKey: cases.queryKey }),
  });
  const problem = ask.error instanceof Problem ? ask.error : null;
  if (ask.isSuccess) {
    return (
      <Dialog open title={t("askAccess.sent")} onClose={onClose}>
        <p>{t("askAccess.sentText")}</p>
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
    <Dialog open title={t("askAccess.title", { name: entry.actor.name })} onClose={onClose}>
      <Form onSubmit={() => ask.mutate()}>
        <LongText
          label={t("askAccess.question")}
          hint={t("askAccess.hint")}
          value={question}
          onText={setQuestion}
          error={problem?.issue("question")}
          maxLength={2000}
          required
        />
        {ask.error && (problem === null || problem.issues.length === 0) && <ErrorNote error={ask.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" kind="main" busy={ask.isPending} disabled={question.trim().length < 5}>
            {t("askAccess.send")}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
