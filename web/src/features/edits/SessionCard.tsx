import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { editSessions, endSession, makeSessionCode, openSession } from "@/api/edits";
import type { VisitEditSession } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { When } from "@/ui/When";
import { Code } from "./Code";
import css from "./Edits.module.css";

/** Half an hour in which changes need no code each. */
export function SessionCard({ session, patient }: { session: VisitEditSession; patient: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const name = patient ? session.practitioner.name : session.patient.name;
  const again = () => client.invalidateQueries({ queryKey: ["edits"] });
  const code = useMutation({
    mutationFn: () => makeSessionCode(session.id),
    onSuccess: ({ until }) =>
      client.setQueryData(editSessions.queryKey, (all) =>
        all?.map((each) => (each.id === session.id ? { ...each, codeUntil: until } : each)),
      ),
  });
  const end = useMutation({ mutationFn: () => endSession(session.id), onSuccess: again });
  const waiting = session.state === "waiting";
  return (
    <Card as="article" label={t("edits.sessionOf", { name })}>
      <div className={css.head}>
        <h3>{name}</h3>
        <Tag tone={waiting ? "warn" : "ok"}>{t(`edits.sessionState.${session.state}`)}</Tag>
        {session.until && (
          <span className="muted small">
            {t("edits.sessionUntil")} <When value={session.until} relative />
          </span>
        )}
      </div>
      <p>{t(patient ? "edits.sessionText" : "edits.sessionTextDoctor")}</p>
      {waiting && patient && code.data && <Code made={code.data} name={name} good={session.codeUntil} />}
      {waiting && !patient && <Enter session={session} onDone={again} />}
      {(code.error ?? end.error) && <ErrorNote error={code.error ?? end.error} />}
      <div className="row">
        {waiting && patient && (
          <Button kind="main" busy={code.isPending} onClick={() => code.mutate()}>
            {t(code.data ? "edits.newCode" : "edits.sessionApprove")}
          </Button>
        )}
        <Button busy={end.isPending} onClick={() => end.mutate()}>
          {t(waiting && patient ? "edits.decline" : "edits.sessionEnd")}
        </Button>
      </div>
    </Card>
  );
}

function Enter({ session, onDone }: { session: VisitEditSession; onDone: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const open = useMutation({ mutationFn: () => openSession(session.id, code.trim()), onSuccess: onDone });
  const problem = open.error instanceof Problem ? open.error : null;
  return (
    <Form onSubmit={() => open.mutate()}>
      <TextField
        label={t("edits.code")}
        value={code}
        onText={setCode}
        error={problem?.issue("code")}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={11}
      />
      {open.error && !problem?.issue("code") && <ErrorNote error={open.error} />}
      <div className="row">
        <Button type="submit" kind="main" busy={open.isPending} disabled={code.trim() === ""}>
          {t("edits.sessionOpen")}
        </Button>
      </div>
    </Form>
  );
}
