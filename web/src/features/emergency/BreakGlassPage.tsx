import "@/lib/careWords";
import { IconAlertTriangle, IconSearch } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { issueOf, Problem } from "@/api/client";
import { findPatient, openInEmergency } from "@/api/emergency";
import type { Candidate } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Chip, ChipBar } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText, RadioList, TextField } from "@/ui/Field";
import { Page, Section } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./BreakGlass.module.css";

const REASONS = ["unconscious", "confused", "unreachable"] as const;
const LEAST_REASON = 10;

/** Three steps: who, why, and the summary is open. */
export function BreakGlassPage() {
  const { t } = useTranslation();
  const [by, setBy] = useState<"name" | "code">("name");
  const [code, setCode] = useState("");
  const [picked, setPicked] = useState<Candidate | null>(null);
  // The reason outlives a wrong code: nobody writes it twice while somebody waits.
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<{ code: string; text: string } | null>(null);
  const codeBox = useRef<HTMLDivElement>(null);
  const patient = by === "code" ? code.trim() : (picked?.id ?? "");
  return (
    <Page title={t("emergency.title")} lead={t("emergency.lead")} narrow>
      <div className="stack">
        <Banner kind="warn" title={t("emergency.warning")}>
          {t("emergency.warningText")}
        </Banner>
        <Section title={t("emergency.who")}>
          <div className="stack">
            <RadioList
              label={t("emergency.by")}
              hideLabel
              value={by}
              onPick={setBy}
              options={[
                { value: "name", label: t("emergency.byName") },
                { value: "code", label: t("emergency.byCode"), hint: t("emergency.byCodeHint") },
              ]}
            />
            {by === "name" && <Search picked={picked} onPick={setPicked} />}
            {by === "code" && (
              <div ref={codeBox}>
                <TextField
                  label={t("emergency.code")}
                  value={code}
                  onText={setCode}
                  error={wrong?.code === code.trim() ? wrong.text : undefined}
                  autoComplete="off"
                  required
                />
              </div>
            )}
          </div>
        </Section>
        {patient !== "" && (
          <Why
            patient={patient}
            name={by === "name" ? picked?.name : undefined}
            reason={reason}
            onReason={setReason}
            onUnknown={
              by === "code"
                ? (text) => {
                    setWrong({ code: patient, text });
                    codeBox.current?.querySelector("input")?.focus();
                  }
                : undefined
            }
          />
        )}
      </div>
    </Page>
  );
}

function Search({ picked, onPick }: { picked: Candidate | null; onPick: (one: Candidate | null) => void }) {
  const { t } = useTranslation();
  const [family, setFamily] = useState("");
  const [given, setGiven] = useState("");
  const [birthDate, setBirthDate] = useState("");
  const search = useMutation({
    mutationFn: () => findPatient({ family: family.trim(), given: given.trim() || null, birthDate }),
    onSuccess: ({ patients }) => onPick(patients.length === 1 ? (patients[0] ?? null) : null),
  });
  const problem = search.error instanceof Problem ? search.error : null;
  const found = search.data;
  return (
    <div className="stack">
      <Form onSubmit={() => search.mutate()}>
        <div className={css.names}>
          <TextField
            label={t("emergency.family")}
            value={family}
            onText={setFamily}
            error={problem?.issue("family")}
            autoComplete="off"
            required
          />
          <TextField label={t("emergency.given")} value={given} onText={setGiven} autoComplete="off" />
          <TextField
            type="date"
            label={t("emergency.birthDate")}
            value={birthDate}
            onText={setBirthDate}
            error={problem?.issue("birthDate")}
            autoComplete="off"
            required
          />
        </div>
        {search.error && problem?.issues.length !== undefined && problem.issues.length === 0 && (
          <ErrorNote error={search.error} />
        )}
        <div className="row">
          <Button
            type="submit"
            kind={picked ? "plain" : "main"}
            icon={<IconSearch aria-hidden />}
            busy={search.isPending}
            disabled={family.trim() === "" || birthDate === ""}
          >
            {t("emergency.search")}
          </Button>
        </div>
      </Form>
      {found?.patients.length === 0 && (
        <Empty icon={<IconSearch />} title={t("emergency.nobody")}>
          {t("emergency.nobodyText")}
        </Empty>
      )}
      {found && found.patients.length > 0 && (
        <RadioList
          label={t("emergency.found")}
          value={picked?.id ?? null}
          onPick={(id) => onPick(found.patients.find((each) => each.id === id) ?? null)}
          options={found.patients.map((each) => ({ value: each.id, label: <Person one={each} /> }))}
        />
      )}
      {found?.more && <p className="muted">{t("emergency.more")}</p>}
    </div>
  );
}

function Person({ one }: { one: Candidate }) {
  const { t } = useTranslation();
  const facts = [
    one.age !== null && t("record.age", { count: one.age }),
    one.gender && t(`gender.${one.gender as "female"}`),
  ];
  return (
    <span className={css.person}>
      <Avatar name={one.name} />
      <span>
        <span className="strong">{one.name}</span>
        <br />
        <span className="muted small">
          {facts.filter(Boolean).join(" \u00b7 ")}
          {one.birthDate && (
            <>
              {" \u00b7 "}
              <When value={one.birthDate} />
            </>
          )}
        </span>
      </span>
    </span>
  );
}

interface WhyProps {
  patient: string;
  name: string | undefined;
  reason: string;
  onReason: (reason: string) => void;
  /** Says at the code that there is nobody of it; who was picked by name has no such field. */
  onUnknown: ((text: string) => void) | undefined;
}

function Why({ patient, name, reason, onReason, onUnknown }: WhyProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: (whom: string) => openInEmergency(whom, reason.trim()),
    onError: (error) => {
      const unknown = issueOf(error, "patient");
      if (unknown) onUnknown?.(unknown);
    },
    onSuccess: async (opened) => {
      await client.invalidateQueries({ queryKey: ["my-patients"] });
      await client.invalidateQueries({ queryKey: ["record", opened.patient.id] });
      await navigate({ to: "/record/$patient", params: { patient: opened.patient.id } });
      if (opened.restricted) toast(t("emergency.restricted"));
    },
  });
  // What was wrong with another code or person is no fault of this one.
  const error = open.variables === patient ? open.error : null;
  const unknown = issueOf(error, "patient");
  const shown = issueOf(error, "reason") ?? (unknown && onUnknown);
  return (
    <Section title={t("emergency.why")}>
      <Form onSubmit={() => open.mutate(patient)}>
        <ChipBar label={t("emergency.reasons")}>
          {REASONS.map((each) => (
            <Chip
              key={each}
              pressed={reason === t(`emergency.reason.${each}`)}
              onPress={() => onReason(t(`emergency.reason.${each}`))}
            >
              {t(`emergency.reason.${each}`)}
            </Chip>
          ))}
        </ChipBar>
        <LongText
          label={t("emergency.reasonLabel")}
          hint={t("emergency.reasonHint")}
          value={reason}
          onText={onReason}
          error={issueOf(error, "reason")}
          maxLength={1000}
          required
        />
        {error && !shown && <ErrorNote error={error} />}
        <div className="row">
          <Button
            type="submit"
            kind="danger"
            icon={<IconAlertTriangle aria-hidden />}
            busy={open.isPending}
            disabled={reason.trim().length < LEAST_REASON}
          >
            {name ? t("emergency.openOf", { name }) : t("emergency.open")}
          </Button>
        </div>
      </Form>
    </Section>
  );
}
