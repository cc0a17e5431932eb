import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { endMeeting, giveAtDesk } from "@/api/desk";
import type { Meeting } from "@/api/types";
import { WhatYouAgreeTo } from "@/fhir/ConsentWords";
import { Banner } from "@/ui/Banner";
import { Button, ButtonLink } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { GivesChoice } from "./GivesChoice";
import { type Length, termsFor } from "./terms";

interface MeetingProps {
  met: Meeting;
  side: "patient" | "practitioner";
  length: Length;
  onPick: (length: Length) => void;
}

/** Both are there: the patient decides, the practitioner waits, and the record opens when it was given. */
export function MeetingCard({ met, side, length, onPick }: MeetingProps) {
  const { t } = useTranslation();
  if (met.state === "ended") return <Banner title={t("desk.ended")}>{t(`desk.endedText.${side}`)}</Banner>;
  if (side === "practitioner") return <Waiting met={met} />;
  if (met.state === "given") {
    return (
      <Banner
        kind="ok"
        title={t("desk.given", { name: met.practitioner?.name ?? "" })}
        action={<ButtonLink to="/sharing">{t("desk.toSharing")}</ButtonLink>}
      >
        {t("desk.givenText")}
      </Banner>
    );
  }
  return <Giving met={met} length={length} onPick={onPick} />;
}

function Waiting({ met }: { met: Meeting }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const patient = met.patient?.id;
  useEffect(() => {
    if (!patient) return;
    // The record opens only for what is on this list.
    client
      .invalidateQueries({ queryKey: ["my-patients"] })
      .then(() => navigate({ to: "/record/$patient", params: { patient }, replace: true }));
  }, [patient, client, navigate]);
  return <Banner title={t("desk.waiting")}>{t("desk.waitingText")}</Banner>;
}

function Giving({ met, length, onPick }: Pick<MeetingProps, "met" | "length" | "onPick">) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const give = useMutation({
    mutationFn: () => giveAtDesk(met.id, termsFor(length)),
    onSuccess: (given) => {
      client.setQueryData(["desk", met.id], given);
      client.invalidateQueries({ queryKey: ["grants"] });
    },
  });
  const refuse = useMutation({
    mutationFn: () => endMeeting(met.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["desk", met.id] }),
  });
  const name = met.practitioner?.name ?? "";
  const title = met.organization
    ? t("desk.wantsOf", { name, organization: met.organization })
    : t("desk.wants", { name });
  return (
    <section className="stack" aria-label={title}>
      <h2>{title}</h2>
      <GivesChoice length={length} onPick={onPick} />
      <WhatYouAgreeTo />
      {(give.error ?? refuse.error) && <ErrorNote error={give.error ?? refuse.error} />}
      <div className="row">
        <Button kind="main" busy={give.isPending} onClick={() => give.mutate()}>
          {t("desk.give")}
        </Button>
        <ButtonLink to="/sharing/new" search={{ desk: met.id }}>
          {t("desk.choose")}
        </ButtonLink>
        <Button kind="quiet" busy={refuse.isPending} onClick={() => refuse.mutate()}>
          {t("desk.refuse")}
        </Button>
      </div>
    </section>
  );
}
