import { IconMailQuestion, IconQrcode, IconUrgent, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/auth";
import { myPatients } from "@/api/doctor";
import type { MyPatient } from "@/api/types";
import { PURPOSES, readFor, readsFor } from "@/lib/purpose";
import { Avatar } from "@/ui/Avatar";
import { ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Choice, Tag } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { SearchField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { endsSoon } from "./consent";
import css from "./PatientsPage.module.css";

const PAUSE = 200;

/** The people whose records one may read now, and until when. */
export function PatientsPage() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [query, setQuery] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQuery(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const list = useQuery(myPatients(query));
  const patients = list.data ?? [];
  return (
    <Page
      title={t("patients.title")}
      lead={t("patients.lead")}
      action={
        <div className="row">
          <ButtonLink to="/break-glass" icon={<IconUrgent aria-hidden />}>
            {t("patients.emergency")}
          </ButtonLink>
          <ButtonLink to="/desk/scan" icon={<IconQrcode aria-hidden />}>
            {t("desk.open")}
          </ButtonLink>
          <ButtonLink kind="main" to="/requests/new" icon={<IconMailQuestion aria-hidden />}>
            {t("patients.request")}
          </ButtonLink>
        </div>
      }
    >
      <div className="stack">
        <SearchField label={t("patients.search")} value={text} onText={setText} />
        <ReadsFor />
        {list.isPending && <Skeleton rows={5} height={76} />}
        {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
        {list.data && patients.length === 0 && (
          <Empty icon={<IconUsers />} title={t(query ? "patients.noMatch" : "patients.empty")}>
            {t(query ? "patients.noMatchText" : "patients.emptyText")}
          </Empty>
        )}
        {patients.length > 0 && (
          <List label={t("patients.title")}>
            {patients.map((patient) => (
              <li key={patient.id}>
                <PatientRow patient={patient} />
              </li>
            ))}
          </List>
        )}
      </div>
    </Page>
  );
}

/** Patients give access for one purpose; most is read for treatment. */
function ReadsFor() {
  const { t } = useTranslation();
  const { data: current } = useQuery(session);
  const account = current?.account.id;
  if (account === undefined) return null;
  return (
    <div className="row">
      <span aria-hidden>{t("patients.purpose")}</span>
      <Choice
        label={t("patients.purpose")}
        value={readsFor()}
        onChange={(purpose) => readFor(account, purpose)}
        options={PURPOSES.map((value) => ({ value, text: t(`purpose.${value}`) }))}
      />
    </div>
  );
}

function PatientRow({ patient }: { patient: MyPatient }) {
  const { t } = useTranslation();
  const { grant } = patient;
  const facts = [
    patient.age !== null && t("record.age", { count: patient.age }),
    patient.gender && t(`gender.${patient.gender}`),
  ];
  return (
    <Link to="/record/$patient" params={{ patient: patient.id }} className={css.row}>
      <Avatar name={patient.name} />
      <span className={css.words}>
        <span className={css.name}>{patient.name}</span>
        <span className="muted small">
          {facts.filter(Boolean).join(" \u00b7 ")}
          {patient.birthDate && (
            <>
              {" \u00b7 "}
              <When value={patient.birthDate} />
            </>
          )}
        </span>
      </span>
      <span className={css.consent}>
        {grant.purpose === "emergency" && <Tag tone="high">{t("purpose.emergency")}</Tag>}
        {grant.until ? (
          <Tag tone={endsSoon(grant.until, new Date()) ? "warn" : "neutral"}>
            {t("patients.ends")} <When value={grant.until} relative />
          </Tag>
        ) : (
          <Tag>{t("record.untilStopped")}</Tag>
        )}
        {/* In an emergency nobody gave it. */}
        {grant.purpose !== "emergency" && (
          <span className="muted small">
            {grant.via === "you" ? t("record.viaYou") : t("record.via", { name: grant.via })}
          </span>
        )}
      </span>
      <span className={css.updated}>
        {patient.lastUpdated && (
          <span className="muted small">
            {t("patients.updated")} <When value={patient.lastUpdated} relative />
          </span>
        )}
      </span>
    </Link>
  );
}
