import { IconAlertTriangle, IconSearch } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
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
              <TextField label={t("emergency.code")} value={code} onText={setCode} autoComplete="off" required />
            )}
          </div>
        </Section>
        {patient !== "" && <Why key={patient} patient={patient} name={by === "name" ? picked?.name : undefined} />}
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

function Why({ patient, name }: { patient: string; name: string | undefined }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [reason, setReason] = useState("");
  const open = useMutation({
    mutationFn: () => openInEmergency(patient, reason.trim()),
    onSuccess: async (opened) => {
      await client.invalidateQueries({ queryKey: ["my-patients"] });
      await client.invalidateQueries({ queryKey: ["record", opened.patient.id] });
      await navigate({ to: "/record/$patient", params: { patient: opened.patient.id } });
      if (opened.restricted) toast(t("emergency.restricted"));
    },
  });
  const problem = open.error instanceof Problem ? open.error : null;
  return (
    <Section title={t("emergency.why")}>
      <Form onSubmit={() => open.mutate()}>
        <ChipBar label={t("emergency.reasons")}>
          {REASONS.map((each) => (
            <Chip
              key={each}
              pressed={reason === t(`emergency.reason.${each}`)}
              onPress={() => setReason(t(`emergency.reason.${each}`))}
            >
              {t(`emergency.reason.${each}`)}
            </Chip>
          ))}
        </ChipBar>
        <LongText
          label={t("emergency.reasonLabel")}
          hint={t("emergency.reasonHint")}
          value={reason}
          onText={setReason}
          error={problem?.issue("reason") ?? problem?.issue("patient")}
          maxLength={1000}
          required
        />
        {open.error && (problem === null || problem.issues.length === 0) && <ErrorNote error={open.error} />}
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
