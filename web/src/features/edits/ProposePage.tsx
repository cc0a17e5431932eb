import "@/lib/careWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { askForSession, editSessions } from "@/api/edits";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Chip, ChipBar } from "@/ui/Chip";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Edits.module.css";
import { FieldOf, faultOf } from "./FieldOf";
import { FORMS, type FormPlan, faults, KINDS, toJson, type Values } from "./forms";
import { type Kept, sendEntry } from "./sending";

type Kind = (typeof KINDS)[number];

/** What was typed of one kind, and what of it the server may hold already. */
interface Draft {
  values: Values;
  reason: string;
  /** A reason that stands in the record already, and waits here for the next entry of the visit. */
  used: string;
  kept: Kept | null;
}

const EMPTY: Draft = { values: {}, reason: "", used: "", kept: null };

const isBegun = ({ values, reason, used }: Draft): boolean =>
  reason.trim() !== used.trim() || Object.values(values).some((value) => value.trim() !== "");

/** A practitioner proposes an entry; the patient approves it. */
export function ProposePage({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("condition");
  // What was typed for each kind stays for as long as the page is open.
  const [drafts, setDrafts] = useState<Partial<Record<Kind, Draft>>>({});
  const sent = useRef(false);
  const begun = Object.values(drafts).some(isBegun);
  const leaving = useBlocker({
    shouldBlockFn: () => !sent.current && begun,
    enableBeforeUnload: () => !sent.current && begun,
    withResolver: true,
  });
  const plan = FORMS.find((each) => each.kind === kind);
  return (
    <Page title={t("propose.title")} lead={t("propose.lead")} narrow>
      <div className="stack">
        <Visit patient={patient} />
        <ChipBar label={t("propose.kinds")}>
          {KINDS.map((each) => (
            <Chip key={each} pressed={each === kind} onPress={() => setKind(each)}>
              {t(`propose.kind.${each}`)}
            </Chip>
          ))}
        </ChipBar>
        {plan && (
          <Proposal
            key={kind}
            plan={plan}
            patient={patient}
            draft={drafts[kind] ?? EMPTY}
            onDraft={(change) => setDrafts((all) => ({ ...all, [kind]: change(all[kind] ?? EMPTY) }))}
            onSent={() => {
              // Only what was sent is done with: another kind may still hold words.
              sent.current = !Object.entries(drafts).some(([each, one]) => each !== kind && isBegun(one));
            }}
          />
        )}
      </div>
      <Confirm
        open={leaving.status === "blocked"}
        title={t("propose.leaveTitle")}
        confirm={t("propose.leaveDo")}
        danger
        onClose={() => leaving.reset?.()}
        onConfirm={() => leaving.proceed?.()}
      >
        <p>{t("propose.leaveText")}</p>
      </Confirm>
    </Page>
  );
}

function Visit({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const sessions = useQuery(editSessions);
  const current = sessions.data?.find((each) => each.patient.id === patient && each.state !== "ended");
  const ask = useMutation({
    mutationFn: () => askForSession(patient),
    onSuccess: () => client.invalidateQueries({ queryKey: ["edits"] }),
  });
  if (current?.state === "open")
    return (
      <Banner kind="ok" title={t("propose.visitOpen")}>
        {current.until && (
          <>
            {t("edits.sessionUntil")} <When value={current.until} relative />
          </>
        )}
      </Banner>
    );
  return (
    <Banner
      title={t(current ? "propose.visitWaits" : "propose.visit")}
      action={
        !current && (
          <Button size="small" busy={ask.isPending} onClick={() => ask.mutate()}>
            {t("propose.visitAsk")}
          </Button>
        )
      }
    >
      {t(current ? "propose.visitWaitsText" : "propose.visitText")}
      {ask.error && <ErrorNote error={ask.error} />}
    </Banner>
  );
}

interface ProposalProps {
  plan: FormPlan;
  patient: string;
  draft: Draft;
  onDraft: (change: (draft: Draft) => Draft) => void;
  /** It is on its way: nothing is lost by leaving. */
  onSent: () => void;
}

function Proposal({ plan, patient, draft, onDraft, onSent }: ProposalProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const sessions = useQuery(editSessions);
  const open = sessions.data?.some((each) => each.patient.id === patient && each.state === "open") ?? false;
  const { values, reason } = draft;
  const [tried, setTried] = useState(false);
  const kept = useRef(draft.kept);
  const wrong = tried ? faults(plan, values, new Date()) : [];
  const send = useMutation({
    mutationFn: async () => {
      const resource = toJson(plan.build(values, patient, new Date()));
      const said = JSON.stringify([values, reason.trim()]);
      const proposed = { patient, reason: reason.trim(), resource, said, open };
      return sendEntry(proposed, kept.current, (now) => {
        kept.current = now;
        onDraft((all) => ({ ...all, kept: now }));
      });
    },
    onSettled: () => {
      client.invalidateQueries({ queryKey: ["edits"] });
      client.invalidateQueries({ queryKey: ["record", patient] });
    },
    onSuccess: async (sent) => {
      if (sent === "earlier") return;
      if (sent === "landed") {
        onDraft((all) => ({ ...all, values: {}, used: all.reason }));
        setTried(false);
        toast(t("propose.landed"));
        return;
      }
      onDraft(() => EMPTY);
      onSent();
      await navigate({ to: "/changes" });
      toast(t("propose.sent"));
    },
  });
  const problem = send.error instanceof Problem ? send.error : null;
  const submit = () => {
    setTried(true);
    if (faults(plan, values, new Date()).length === 0 && reason.trim() !== "") send.mutate();
  };
  const set = (name: string) => (value: string) =>
    onDraft((all) => ({ ...all, values: { ...all.values, [name]: value } }));
  return (
    <Form onSubmit={submit}>
      <div className={css.fields}>
        {plan.fields.map((field) => (
          <FieldOf
            key={field.name}
            field={field}
            value={values[field.name] ?? ""}
            onText={set(field.name)}
            error={wrong.includes(field.name) ? t(faultOf(field, values[field.name])) : undefined}
          />
        ))}
      </div>
      <LongText
        label={t("propose.reason")}
        hint={t("propose.reasonHint")}
        value={reason}
        onText={(text) => onDraft((all) => ({ ...all, reason: text }))}
        error={problem?.issue("reason") ?? (tried && reason.trim() === "" ? t("propose.missing") : undefined)}
        maxLength={1000}
        required
      />
      {send.error && <ErrorNote error={send.error} />}
      {send.error && kept.current && kept.current.id !== null && <p role="status">{t("propose.kept")}</p>}
      {send.data === "earlier" && (
        <Banner kind="warn" title={t("propose.earlier")}>
          {t("propose.earlierText")}
        </Banner>
      )}
      <div className="row">
        <Button type="submit" kind="main" busy={send.isPending}>
          {t(open ? "propose.landNow" : "propose.send")}
        </Button>
      </div>
    </Form>
  );
}
