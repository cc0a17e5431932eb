import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { declineEdit, edits, landEdit, makeEditCode, withdrawEdit } from "@/api/edits";
import type { Edit } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { Code } from "./Code";
import { Difference } from "./Difference";
import css from "./Edits.module.css";

const TONES = { waiting: "warn", landed: "ok", declined: "neutral", withdrawn: "neutral" } as const;

export function EditCard({ edit, patient }: { edit: Edit; patient: boolean }) {
  const { t } = useTranslation();
  const name = patient ? edit.author.name : edit.patient.name;
  return (
    <Card as="article" label={t("edits.of", { name })}>
      <div className={css.head}>
        <h3>{name}</h3>
        <Tag tone={TONES[edit.state]}>{t(`edits.state.${edit.state}`)}</Tag>
        <span className="muted small">
          {patient && edit.organization && `${edit.organization} \u00b7 `}
          <When value={edit.created} relative />
        </span>
      </div>
      <p>{edit.reason}</p>
      {edit.changes.map((change) => (
        <Difference key={`${change.type}/${change.id}`} change={change} />
      ))}
      {edit.state === "waiting" && (patient ? <Answer key={edit.version} edit={edit} /> : <Land edit={edit} />)}
    </Card>
  );
}

function Answer({ edit }: { edit: Edit }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const code = useMutation({
    mutationFn: () => makeEditCode(edit.id, edit.version),
    onSuccess: ({ until }) =>
      client.setQueryData(edits.queryKey, (all) =>
        all?.map((each) => (each.id === edit.id ? { ...each, codeUntil: until } : each)),
      ),
  });
  const decline = useMutation({
    mutationFn: () => declineEdit(edit.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["edits"] }),
  });
  return (
    <>
      {code.data && <Code made={code.data} name={edit.author.name} good={edit.codeUntil} />}
      {(code.error ?? decline.error) && <ErrorNote error={code.error ?? decline.error} />}
      <div className="row">
        <Button kind="main" busy={code.isPending} onClick={() => code.mutate()}>
          {t(code.data ? "edits.newCode" : "edits.approve")}
        </Button>
        <Button busy={decline.isPending} onClick={() => decline.mutate()}>
          {t("edits.decline")}
        </Button>
      </div>
    </>
  );
}

function Land({ edit }: { edit: Edit }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const done = () => {
    client.invalidateQueries({ queryKey: ["edits"] });
    client.invalidateQueries({ queryKey: ["record", edit.patient.id] });
  };
  const land = useMutation({
    mutationFn: () => landEdit(edit.id, code.trim() || null),
    onSuccess: () => {
      done();
      toast(t("edits.landed", { name: edit.patient.name }));
    },
    // The answer may be lost after it landed: the list says how it stands.
    onError: () => client.invalidateQueries({ queryKey: ["edits"] }),
  });
  const withdraw = useMutation({ mutationFn: () => withdrawEdit(edit.id), onSuccess: done });
  const problem = land.error instanceof Problem ? land.error : null;
  const error = problem?.issue("code") ? withdraw.error : (land.error ?? withdraw.error);
  return (
    <Form onSubmit={() => land.mutate()}>
      <TextField
        label={t("edits.code")}
        hint={t("edits.codeHint")}
        value={code}
        onText={setCode}
        error={problem?.issue("code")}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={11}
      />
      {error && <ErrorNote error={error} />}
      <div className="row">
        <Button type="submit" kind="main" busy={land.isPending}>
          {t("edits.land")}
        </Button>
        <Button busy={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t("edits.withdraw")}
        </Button>
      </div>
    </Form>
  );
}
