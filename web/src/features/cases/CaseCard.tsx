import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cases, closeCase, objectInCase, sayInCase } from "@/api/cases";
import type { AccessCase, Role } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText } from "@/ui/Field";
import { When } from "@/ui/When";
import css from "./Cases.module.css";

const TONES = { waiting: "warn", answered: "accent", dissatisfied: "warn", closed: "neutral" } as const;

/** One question with everything that was said, and what can be said now. */
export function CaseCard({ one, role }: { one: AccessCase; role: Role }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const act = useMutation({
    mutationFn: (how: AccessCase["may"][number]) => {
      if (how === "close") return closeCase(one.id);
      return (how === "object" ? objectInCase : sayInCase)(one.id, text.trim());
    },
    onSuccess: (fresh) => {
      setText("");
      client.setQueryData(cases.queryKey, (all) => all?.map((each) => (each.id === fresh.id ? fresh : each)));
    },
  });
  const asks = role === "patient";
  const may = (how: AccessCase["may"][number]) => one.may.includes(how);
  return (
    <Card as="article" label={t("cases.of", { name: one.reader.name })}>
      <div className="row">
        <h2>{t("cases.of", { name: one.reader.name })}</h2>
        <Tag tone={TONES[one.state]}>{t(`cases.state.${one.state}`)}</Tag>
        {one.overdue && <Tag tone="high">{t("cases.overdue")}</Tag>}
      </div>
      <Facts>
        {one.reader.organization && <Fact label={t("cases.organization")}>{one.reader.organization}</Fact>}
        {!asks && <Fact label={t("cases.patient")}>{one.patient}</Fact>}
        <Fact label={t("cases.entry")}>
          <When value={one.entry.time} timed />
          <span className="muted"> {t("cases.number", { number: one.entry.seq })}</span>
        </Fact>
        {one.due && (
          <Fact label={t("cases.due")}>
            <When value={one.due} relative />
          </Fact>
        )}
      </Facts>
      <ol className={css.talk}>
        {one.messages.map((each) => (
          <li key={each.time + each.from} className={css[each.from]}>
            <p className="small">
              <span className="strong">{each.name}</span>{" "}
              <span className="muted">
                {t(`cases.from.${each.from}`)}, <When value={each.time} timed />
              </span>
            </p>
            <p className={css.text}>{each.text}</p>
          </li>
        ))}
      </ol>
      {may("say") && (
        <Form onSubmit={() => act.mutate("say")}>
          <LongText
            label={t(asks ? "cases.more" : "cases.answer")}
            value={text}
            onText={setText}
            maxLength={2000}
            required
          />
          <div className="row">
            <Button type="submit" kind={asks ? "plain" : "main"} busy={act.isPending} disabled={text.trim() === ""}>
              {t("cases.send")}
            </Button>
            {may("object") && (
              <Button kind="danger" disabled={act.isPending || text.trim() === ""} onClick={() => act.mutate("object")}>
                {t("cases.object")}
              </Button>
            )}
            {may("close") && (
              <Button disabled={act.isPending} onClick={() => act.mutate("close")}>
                {t("cases.close")}
              </Button>
            )}
          </div>
          {may("object") && <p className="muted small">{t("cases.objectHint")}</p>}
        </Form>
      )}
      {act.error && <ErrorNote error={act.error} />}
    </Card>
  );
}
