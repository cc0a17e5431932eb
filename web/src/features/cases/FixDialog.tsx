import "@/lib/careWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "@/api/client";
import { correctJson } from "@/api/edits";
import { entryText } from "@/api/record";
import type { AccessCase } from "@/api/types";
import { read, write } from "@/fhir/digits";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField, Form, LongText, TextField } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { canRename, renamed, withdrawn } from "./fix";

interface FixProps {
  patient: string;
  about: NonNullable<AccessCase["about"]>;
  proposal: string;
  onClose: () => void;
}

/** Whoever wrote an entry proposes how it is corrected; the patient approves it like any change. */
export function FixDialog({ patient, about, proposal, onClose }: FixProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const entry = useQuery({ ...entryText(patient, about.type, about.id), select: read });
  const [words, setWords] = useState(proposal);
  const [reason, setReason] = useState("");
  const [error, setError] = useState(false);
  const sent = useRef({ said: "", key: "" });
  const nameable = entry.data !== undefined && canRename(entry.data);
  const send = useMutation({
    mutationFn: async () => {
      if (!entry.data) return;
      const fixed = error || !nameable ? withdrawn(entry.data) : renamed(entry.data, words.trim());
      const resource = write(fixed);
      const said = JSON.stringify([reason.trim(), resource]);
      // The same again, because its answer was lost, is the draft that was made.
      if (sent.current.said !== said) sent.current = { said, key: newKey() };
      await correctJson(patient, reason.trim(), resource, sent.current.key);
    },
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["edits"] });
      toast(t("fix.sent"));
      onClose();
    },
  });
  const ready = reason.trim() !== "" && (error || !nameable || words.trim() !== "");
  return (
    <Dialog open title={t("fix.title", { title: about.title })} onClose={onClose}>
      {entry.isPending && <Skeleton rows={2} height={44} />}
      {entry.error && <ErrorNote error={entry.error} onRetry={() => entry.refetch()} />}
      {entry.data && (
        <Form onSubmit={() => send.mutate()}>
          {nameable && <CheckField label={t("fix.error")} checked={error} onCheck={setError} />}
          {!nameable && <p>{t("fix.onlyError")}</p>}
          {nameable && !error && (
            <TextField label={t("fix.words")} value={words} onText={setWords} autoComplete="off" required />
          )}
          <LongText label={t("fix.reason")} value={reason} onText={setReason} maxLength={1000} required />
          {send.error && <ErrorNote error={send.error} />}
          <DialogActions>
            <Button onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" kind="main" busy={send.isPending} disabled={!ready}>
              {t("fix.send")}
            </Button>
          </DialogActions>
        </Form>
      )}
    </Dialog>
  );
}
