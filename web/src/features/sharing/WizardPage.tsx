import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { accessRequests, createGrant } from "@/api/consent";
import { meeting } from "@/api/desk";
import type { AccessRequest, GrantDraft, Meeting } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button, ButtonLink } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { type Choice, emptyChoice, fromMeeting, fromRequest, toDraft } from "./choice";
import { HowLongStep } from "./HowLongStep";
import { ReviewStep } from "./ReviewStep";
import css from "./Sharing.module.css";
import { WhatStep } from "./WhatStep";
import { WhoStep } from "./WhoStep";

export const STEPS = ["who", "what", "howLong", "review"] as const;
export type Step = (typeof STEPS)[number];

/** Gives access in four steps: who, what, how long, and a look through the reader's eyes. */
export function WizardPage({ request, desk, step }: { request?: string; desk?: number; step?: Step }) {
  const { t } = useTranslation();
  const requests = useQuery({ ...accessRequests, enabled: request !== undefined });
  const asked = requests.data?.find((each) => String(each.id) === request);
  const met = useQuery(meeting(desk ?? null));
  const waits = (request !== undefined && requests.isPending) || (desk !== undefined && met.isPending);
  return (
    <Page title={t("wizard.title")} narrow>
      {waits ? <Skeleton rows={4} /> : <Wizard start={startOf(asked, met.data)} wanted={step} request={asked} />}
    </Page>
  );
}

/** Who asked, or who is at the desk, is chosen already. */
function startOf(asked: AccessRequest | undefined, met: Meeting | undefined): Choice {
  if (asked) return fromRequest(asked, new Date());
  return met?.practitioner ? fromMeeting(met.practitioner, met.organization) : emptyChoice;
}

/** How far somebody can be with what was chosen: a step in the address that comes after that is not there yet. */
function reached(choice: Choice, draft: GrantDraft | null): number {
  if (!choice.who) return 0;
  if (!choice.everything && choice.categories.length === 0) return 1;
  return draft ? 3 : 2;
}

function Wizard({ start, wanted, request }: { start: Choice; wanted?: Step; request?: AccessRequest }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [choice, setChoice] = useState<Choice>(start);
  const heading = useRef<HTMLHeadingElement>(null);
  const moved = useRef(false);
  const draft = toDraft(choice, new Date());
  // The step stands in the address, so that the browser's way back is the way back here.
  const first = start.who ? 1 : 0;
  // What was chosen lives as long as the page: after a reload nobody finds themselves at the end with choices they did not make.
  const [furthest, setFurthest] = useState(first);
  const at = Math.min(wanted ? STEPS.indexOf(wanted) : first, reached(choice, draft), furthest);
  const step = STEPS[at] ?? "who";
  const setStep = (next: Step) => {
    setFurthest(Math.max(furthest, STEPS.indexOf(next)));
    navigate({ to: "/sharing/new", search: (now) => ({ ...now, step: next }) });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new step takes the focus to its heading.
  useEffect(() => {
    if (moved.current) heading.current?.focus();
    moved.current = true;
  }, [step]);

  const give = useMutation({
    mutationFn: (final: GrantDraft) => createGrant(final),
    onSuccess: async (grant) => {
      client.invalidateQueries({ queryKey: ["grants"] });
      client.invalidateQueries({ queryKey: ["requests"] });
      await navigate({ to: "/sharing" });
      toast(t("wizard.done", { name: grant.grantee.name }));
    },
  });

  const ready = {
    who: choice.who !== null,
    what: choice.everything || choice.categories.length > 0,
    howLong: draft !== null,
    review: draft !== null,
  }[step];
  // Answered in another window, or by whoever looks after the record too; not by this form.
  if (request && request.state !== "open" && give.isIdle) return <Answered request={request} />;
  const change = (part: Partial<Choice>) => setChoice({ ...choice, ...part });
  return (
    <>
      <ol className={css.steps} aria-label={t("wizard.steps")}>
        {STEPS.map((each, i) => (
          <li key={each} aria-current={each === step ? "step" : undefined} data-done={i < at}>
            {t(`wizard.step.${each}`)}
          </li>
        ))}
      </ol>
      <section className="stack">
        <h2 ref={heading} tabIndex={-1}>
          {t(`wizard.ask.${step}`, { name: choice.who?.name ?? "" })}
        </h2>
        {step === "who" && <WhoStep who={choice.who} onPick={(who) => change({ who })} />}
        {step === "what" && <WhatStep choice={choice} onChange={change} />}
        {step === "howLong" && <HowLongStep choice={choice} onChange={change} />}
        {step === "review" && draft && <ReviewStep choice={choice} draft={draft} />}
      </section>
      {give.error && <ErrorNote error={give.error} />}
      <div className={css.bottom}>
        {at === 0 ? (
          <Button onClick={() => navigate({ to: "/sharing" })}>{t("common.cancel")}</Button>
        ) : (
          <Button onClick={() => setStep(STEPS[at - 1] ?? "who")}>{t("common.back")}</Button>
        )}
        {step === "review" ? (
          <Button kind="main" busy={give.isPending} disabled={!draft} onClick={() => draft && give.mutate(draft)}>
            {t("wizard.give")}
          </Button>
        ) : (
          <Button kind="main" disabled={!ready} onClick={() => setStep(STEPS[at + 1] ?? "review")}>
            {t("common.next")}
          </Button>
        )}
      </div>
    </>
  );
}

function Answered({ request }: { request: AccessRequest }) {
  const { t } = useTranslation();
  return (
    <Banner
      title={t("wizard.answered")}
      action={
        <ButtonLink size="small" to="/sharing">
          {t("wizard.toSharing")}
        </ButtonLink>
      }
    >
      {request.from.name}: {t(`requestState.${request.state}`)}
    </Banner>
  );
}
