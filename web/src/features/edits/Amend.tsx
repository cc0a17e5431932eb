import "@/lib/careWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { issueOf, newKey } from "@/api/client";
import { myPatients } from "@/api/doctor";
import { correctJson, removeEntry } from "@/api/edits";
import { entryText, type Resource } from "@/api/record";
import { read, write } from "@/fhir/digits";
import { titleOf } from "@/fhir/facts";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { type Amendment, amended, amendments, ended, formOf } from "./amend";
import { FieldOf, faultOf } from "./FieldOf";
import { faults, today, type Values } from "./forms";

interface AmendProps {
  entry: Resource;
  patient: string;
}

/** A practitioner proposes what becomes of an entry that stands. */
export default function Amend({ entry, patient }: AmendProps) {
  const { t } = useTranslation();
  const [act, setAct] = useState<Amendment | null>(null);
  const acts = amendments(entry);
  // Who came in by an emergency only reads.
  const patients = useQuery(myPatients());
  const given = patients.data?.some(({ id, grant }) => id === patient && grant.purpose !== "emergency");
  if (acts.length === 0 || !given) return null;
  return (
    <Section title={t("amend.section")}>
      <p className="muted small">{t("amend.lead")}</p>
      <div className="row">
        {acts.map((each) => (
          <Button key={each} size="small" onClick={() => setAct(each)}>
            {t(`amend.${each}`)}
          </Button>
        ))}
      </div>
      {act && <AmendDialog act={act} entry={entry} patient={patient} onClose={() => setAct(null)} />}
    </Section>
  );
}

type DialogProps = AmendProps & { act: Amendment; onClose: () => void };

function AmendDialog({ act, entry, patient, onClose }: DialogProps) {
  const { t } = useTranslation();
  // The entry to the letter: a number keeps its digits.
  const text = useQuery({ ...entryText(patient, entry.resourceType, entry.id ?? ""), select: read });
  return (
    <Dialog open title={t(`amend.${act}Title`, { title: titleOf(entry) })} onClose={onClose}>
      {text.isPending && <Skeleton rows={3} height={44} />}
      {text.error && <ErrorNote error={text.error} onRetry={() => text.refetch()} />}
      {text.data && <AmendForm act={act} entry={text.data} patient={patient} onClose={onClose} />}
    </Dialog>
  );
}

function AmendForm({ act, entry, patient, onClose }: DialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form] = useState(() => (act === "correct" ? formOf(entry) : null));
  const [values, setValues] = useState<Values>(form?.values ?? {});
  const [day, setDay] = useState(() => today(new Date()));
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const sent = useRef({ said: "", key: "" });
  const fixed = form ? amended(entry, form.values, values, new Date()) : ended(entry, day);
  const wrong = form ? faults(form.plan, values, new Date()) : [];
  const dated = act === "end" && entry.resourceType === "Condition";
  const dayWrong = dated && (day === "" || day > today(new Date()));
  const send = useMutation({
    mutationFn: async () => {
      const why = reason.trim();
      const reference = `${entry.resourceType}/${entry.id}`;
      const json = act === "remove" || !fixed ? reference : write(fixed);
      const said = JSON.stringify([why, json]);
      // The same again, because its answer was lost, is the draft that was made.
      if (sent.current.said !== said) sent.current = { said, key: newKey() };
      const { key } = sent.current;
      await (act === "remove" ? removeEntry(patient, why, reference, key) : correctJson(patient, why, json, key));
    },
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["edits"] });
      toast(t("amend.sent"));
      onClose();
    },
  });
  const submit = () => {
    setTried(true);
    if (wrong.length === 0 && !dayWrong && reason.trim() !== "" && (act === "remove" || fixed)) send.mutate();
  };
  const words = {
    correct: "amend.correctText",
    end: dated ? "amend.endCondition" : "amend.endMedicine",
    remove: "amend.removeText",
  } as const;
  return (
    <Form onSubmit={submit}>
      <p>{t(words[act])}</p>
      {form?.plan.fields.map((field) => (
        <FieldOf
          key={field.name}
          field={field}
          value={values[field.name] ?? ""}
          onText={(value) => setValues((all) => ({ ...all, [field.name]: value }))}
          error={tried && wrong.includes(field.name) ? t(faultOf(field, values[field.name])) : undefined}
          none={form.values[field.name] === "" ? t("amend.asIs") : undefined}
        />
      ))}
      {dated && (
        <TextField
          label={t("amend.day")}
          type="date"
          value={day}
          max={today(new Date())}
          onText={setDay}
          error={tried && dayWrong ? t(day === "" ? "propose.missing" : "propose.ahead") : undefined}
          required
        />
      )}
      <LongText
        label={t("amend.reason")}
        hint={t("amend.reasonHint")}
        value={reason}
        onText={setReason}
        error={issueOf(send.error, "reason") ?? (tried && reason.trim() === "" ? t("propose.missing") : undefined)}
        maxLength={1000}
        required
      />
      {tried && form && !fixed && <p role="alert">{t("amend.nothing")}</p>}
      {send.error && <ErrorNote error={send.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" kind={act === "remove" ? "danger" : "main"} busy={send.isPending}>
          {t("amend.send")}
        </Button>
      </DialogActions>
    </Form>
  );
}
