import "@/lib/laterWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isGone } from "@/api/client";
import type { Verification } from "@/api/types";
import { handIn, ownVerification } from "@/api/verification";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { DetailsForm } from "./DetailsForm";
import { Documents } from "./Documents";

/** A clinician shows that they are one. Until two administrators have looked at it, this is all the account can do. */
export function VerificationPage() {
  const { t } = useTranslation();
  const mine = useQuery(ownVerification);
  // Whom the operator made a practitioner handed nothing in.
  const known = isGone(mine.error);
  return (
    <Page title={t("verification.title")} lead={t("verification.lead")} narrow>
      {mine.isPending && <Skeleton rows={4} height={88} />}
      {mine.error && !known && <ErrorNote error={mine.error} onRetry={() => mine.refetch()} />}
      {known && (
        <Banner kind="ok" title={t("verification.state.verified")}>
          {t("verification.verifiedText")}
        </Banner>
      )}
      {mine.data && <Steps mine={mine.data} />}
    </Page>
  );
}

function Steps({ mine }: { mine: Verification }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const keep = (fresh: Verification) => client.setQueryData(ownVerification.queryKey, fresh);
  const submit = useMutation({ mutationFn: handIn, onSuccess: keep });
  const waits = mine.state === "waiting" || mine.state === "checked";
  const done = mine.state === "verified";
  return (
    <>
      <State mine={mine} />
      <Section title={t("verification.details")}>
        <DetailsForm key={mine.version} mine={mine} readOnly={done} onKept={keep} />
      </Section>
      <Section title={t("verification.documents")}>
        <Documents mine={mine} readOnly={done} onChanged={keep} />
      </Section>
      {!done && !waits && (
        <Section title={t("verification.send")}>
          {mine.missing.length > 0 && (
            <ul className="bullets">
              {mine.missing.map((what) => (
                <li key={what}>{t(`verification.missing.${what}`, what)}</li>
              ))}
            </ul>
          )}
          {submit.error && <ErrorNote error={submit.error} />}
          <div>
            <Button
              kind="main"
              busy={submit.isPending}
              disabled={mine.missing.length > 0}
              onClick={() => submit.mutate()}
            >
              {t("verification.sendNow")}
            </Button>
          </div>
        </Section>
      )}
    </>
  );
}

function State({ mine }: { mine: Verification }) {
  const { t } = useTranslation();
  switch (mine.state) {
    case "verified":
      return (
        <Banner kind="ok" title={t("verification.state.verified")}>
          {t("verification.verifiedText")}
        </Banner>
      );
    case "waiting":
    case "checked":
      return (
        <Banner kind="proof" title={t("verification.waits", { done: mine.checks.length })}>
          {t("verification.waitsText")} <When value={mine.changed} relative />
        </Banner>
      );
    case "returned":
      return (
        <Banner kind="warn" title={t("verification.returned", { name: mine.returned?.name ?? "" })}>
          {mine.returned?.reason}
        </Banner>
      );
    default:
      return (
        <Banner kind="warn" title={t("verification.unverified")}>
          {t("verification.unverifiedText")}
        </Banner>
      );
  }
}
