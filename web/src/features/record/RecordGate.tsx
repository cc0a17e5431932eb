import { IconLock } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { isGone } from "@/api/client";
import { myPatients } from "@/api/doctor";
import { summary } from "@/api/record";
import type { Account, MyPatient, PatientHeader } from "@/api/types";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";

interface GateProps {
  patient: string;
  account: Account;
  children: (header: PatientHeader, grant: MyPatient["grant"] | null) => ReactNode;
}

const LONGEST_TIMER = 2_147_483_647;

/** Shows a record only while its owner allows it. When that ends, everything that was on the page goes at once, from memory too. */
export function RecordGate({ patient, account, children }: GateProps) {
  const client = useQueryClient();
  const own = account.patient === patient;
  // Only a practitioner has patients: whoever else has no record of this name open is refused by the record itself.
  const asks = !own && account.role === "practitioner";
  const patients = useQuery({ ...myPatients(), enabled: asks });
  const grant = patients.data?.find((each) => each.id === patient)?.grant ?? null;
  // The list of consents closes the record without asking for it, which would be logged as a refused reading.
  const uncovered = asks && patients.data !== undefined && grant === null;
  const opened = useQuery({ ...summary(patient), enabled: !asks || (!patients.isPending && !uncovered) });
  const gone = uncovered || isGone(opened.error);

  const wasOpen = useRef(false);
  useEffect(() => {
    if (opened.data && !gone) wasOpen.current = true;
  }, [opened.data, gone]);

  useEffect(() => {
    if (gone) client.removeQueries({ predicate: (query) => isPartOf(query.queryKey, patient) });
  }, [gone, client, patient]);

  // A consent that runs out while the page is open sends no event; its own clock ends it.
  const until = grant?.until ?? null;
  useEffect(() => {
    if (!until) return;
    const wait = new Date(until).getTime() - Date.now() + 500;
    if (wait > LONGEST_TIMER) return;
    const timer = setTimeout(
      () => {
        client.invalidateQueries({ queryKey: ["my-patients"] });
      },
      Math.max(wait, 0),
    );
    return () => clearTimeout(timer);
  }, [until, client]);

  if (gone) return <Gone patient={patient} wasOpen={wasOpen.current} />;
  if (opened.isPending) return <Skeleton rows={4} height={88} />;
  if (!opened.data) return <ErrorNote error={opened.error} onRetry={() => opened.refetch()} />;
  return children(opened.data.patient, grant);
}

// The summary stays as the gate's own question; everything read through it goes.
const isPartOf = ([room, whose, part]: readonly unknown[], patient: string) =>
  room === "record" && whose === patient && part !== "summary";

/** Only this page knows whether the record stood open a moment ago; the server says the same of a record that is closed, of one
 * that was never open, and of none. */
function Gone({ patient, wasOpen }: { patient: string; wasOpen: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  useTitle(t("gone.title"));
  const leave = async () => {
    await navigate({ to: "/" });
    client.removeQueries({ queryKey: ["record", patient] });
  };
  return (
    <div className="stack" role="alert">
      <PageHeading>{t("gone.title")}</PageHeading>
      <Empty
        icon={<IconLock />}
        title={t(wasOpen ? "gone.lead" : "gone.neverLead")}
        action={
          <Button kind="main" onClick={leave}>
            {t("gone.back")}
          </Button>
        }
      >
        {t(wasOpen ? "gone.text" : "gone.neverText")}
      </Empty>
    </div>
  );
}
