import { useMutation } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, ButtonLink } from "./Button";
import { Dialog, DialogActions } from "./Dialog";
import { ErrorNote } from "./ErrorNote";
import { Form, LongText } from "./Field";

interface Question {
  name: string;
  label: string;
  hint: string;
  /** Must be answered, in this many letters at least. */
  least?: number;
}

interface AskProps<T> {
  title: string;
  questions: Question[];
  /** What the server found wrong with an answer, by the question's name. */
  issueOf: (error: unknown, name: string) => string | undefined;
  send: string;
  onSend: (answers: Record<string, string>) => Promise<T>;
  sent: string;
  sentText: (answer: T) => string;
  see: { to: LinkProps["to"]; text: string };
  onClose: () => void;
}

const LONGEST = 2000;

/** Asks somebody for an answer that is owed: what is written, that it is on its way, and where it is followed. */
export function AskDialog<T>({ title, questions, issueOf, send, onSend, sent, sentText, see, onClose }: AskProps<T>) {
  const { t } = useTranslation();
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const said = (name: string) => (answers[name] ?? "").trim();
  const ask = useMutation({
    mutationFn: () => onSend(Object.fromEntries(questions.map(({ name }) => [name, said(name)]))),
  });
  if (ask.isSuccess) {
    return (
      <Dialog open title={sent} onClose={onClose}>
        <p>{sentText(ask.data)}</p>
        <DialogActions>
          <Button onClick={onClose}>{t("common.close")}</Button>
          <ButtonLink to={see.to} kind="main">
            {see.text}
          </ButtonLink>
        </DialogActions>
      </Dialog>
    );
  }
  const shownAtField = questions.some(({ name }) => issueOf(ask.error, name));
  const short = questions.some(({ name, least }) => least !== undefined && said(name).length < least);
  return (
    <Dialog open title={title} onClose={onClose}>
      <Form onSubmit={() => ask.mutate()}>
        {questions.map(({ name, label, hint, least }) => (
          <LongText
            key={name}
            label={label}
            hint={hint}
            value={answers[name] ?? ""}
            onText={(text) => setAnswers({ ...answers, [name]: text })}
            error={issueOf(ask.error, name)}
            maxLength={LONGEST}
            required={least !== undefined}
          />
        ))}
        {ask.error && !shownAtField && <ErrorNote error={ask.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" kind="main" busy={ask.isPending} disabled={short}>
            {send}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
