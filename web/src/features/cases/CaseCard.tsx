import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cases, closeCase, declineCase, objectInCase, sayInCase } from "@/api/cases";
import type { AccessCase, Role } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText } from "@/ui/Field";
import { When } from "@/ui/When";
import { CaseFacts } from "./CaseFacts";
import css from "./Cases.module.css";
import { FixDialog } from "./FixDialog";

const TONES = { waiting: "warn", answered: "accent", dissatisfied: "warn", closed: "neutral" } as const;

/** One question with everything that was said, and what can be said now. */
export function CaseCard({ one, role }: { one: AccessCase; role: Role }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const act = useMutation({
    mutationFn: (how: AccessCase["may"][number]) => {
      if (how === "close") return closeCase(one.id);
      const send = { say: sayInCase, object: objectInCase, decline: declineCase }[how];
      return send(one.id, text.trim());
    },
    onSuccess: (fresh) => {
      setText("");
      client.setQueryData(cases.queryKey, (all) => all?.map((each) => (each.id === fresh.id ? fresh : each)));
    },
  });
  const [fixing, setFixing] = useState(false);
  const asks = role === "patient";
  const correction = one.kind === "correction";
  const title = correction
    ? t("cases.correction", { title: one.about?.title, name: one.reader.name })
    : t("cases.of", { name: one.reader.name });
  const tone = one.outcome === "corrected" ? "ok" : TONES[one.state];
  const may = (how: AccessCase["may"][number]) => one.may.includes(how);
  return (
    <Card as="article" label={title}>
      <div className="row">
        <h2>{title}</h2>
        <Tag tone={tone}>
          {one.state === "answered" && one.outcome ? t(`cases.outcome.${one.outcome}`) : t(`cases.state.${one.state}`)}
        </Tag>
        {one.overdue && <Tag tone="high">{t("cases.overdue")}</Tag>}
      </div>
      <CaseFacts one={one} asks={asks} />
      <ol className={css.talk}>
        {one.messages.map((each) => (
          <li key={each.time + each.from} className={css[each.from]}>
            <p className="small">
              <span className="strong">{each.name}</span>{" "}
              <span className="muted">
                {t(correction && each.from === "reader" ? "cases.from.writer" : `cases.from.${each.from}`)},{" "}
                <When value={each.time} timed />
              </span>
            </p>
            <p className={css.text}>{each.text}</p>
          </li>
        ))}
      </ol>
      {may("say") && (
        <Form onSubmit={() => act.mutate("say")}>
          <LongText
            label={t(asks || correction ? "cases.more" : "cases.answer")}
            value={text}
            onText={setText}
            maxLength={2000}
            required
          />
          <div className="row">
            <Button
              type="submit"
              kind={asks || correction ? "plain" : "main"}
              busy={act.isPending}
              disabled={text.trim() === ""}
            >
              {t("cases.send")}
            </Button>
            {may("object") && (
              <Button kind="danger" disabled={act.isPending || text.trim() === ""} onClick={() => act.mutate("object")}>
                {t("cases.object")}
              </Button>
            )}
            {may("decline") && (
              <Button disabled={act.isPending || text.trim().length < 5} onClick={() => act.mutate("decline")}>
                {t("cases.decline")}
              </Button>
            )}
            {may("decline") && one.record && (
              <Button kind="main" onClick={() => setFixing(true)}>
                {t("cases.fix")}
              </Button>
            )}
            {may("close") && (
              <Button disabled={act.isPending} onClick={() => act.mutate("close")}>
                {t("cases.close")}
              </Button>
            )}
          </div>
          {may("decline") && <p className="muted small">{t("cases.declineHint")}</p>}
          {may("decline") && !one.record && role === "practitioner" && (
            <p className="muted small">{t("cases.fixNoAccess")}</p>
          )}
          {may("object") && (
            <p className="muted small">{t(one.outcome === "changed" ? "cases.changedHint" : "cases.objectHint")}</p>
          )}
        </Form>
      )}
      {act.error && <ErrorNote error={act.error} />}
      {fixing && one.record && one.about && (
        <FixDialog
          patient={one.record}
          about={one.about}
          proposal={one.proposal ?? ""}
          onClose={() => setFixing(false)}
        />
      )}
    </Card>
  );
}
