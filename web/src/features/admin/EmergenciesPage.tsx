import "@/lib/laterWords";
import { IconUrgent } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { emergencies, reviewEmergency } from "@/api/emergency";
import type { DeclaredEmergency } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";

const TONES = { open: "warn", justified: "ok", unjustified: "high" } as const;

/** Every record that was opened without consent, the unreviewed first: somebody else looks at each. */
export function EmergenciesPage() {
  const { t } = useTranslation();
  const list = useQuery(emergencies);
  return (
    <Page title={t("emergencies.title")} lead={t("emergencies.lead")}>
      {list.isPending && <Skeleton rows={3} height={160} />}
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data?.length === 0 && (
        <Empty icon={<IconUrgent />} title={t("emergencies.empty")}>
          {t("emergencies.emptyText")}
        </Empty>
      )}
      <div className="stack">
        {list.data?.map((each) => (
          <Declared key={each.id} one={each} />
        ))}
      </div>
    </Page>
  );
}

function Declared({ one }: { one: DeclaredEmergency }) {
  const { t } = useTranslation();
  const [finding, setFinding] = useState<"justified" | "unjustified" | null>(null);
  const overdue = one.finding === "open" && new Date(one.due) < new Date();
  return (
    <Card as="article" label={t("emergencies.of", { name: one.practitioner.name })}>
      <div className="row">
        <h2>{one.practitioner.name}</h2>
        <Tag tone={TONES[one.finding]}>{t(`emergencies.finding.${one.finding}`)}</Tag>
        {overdue && <Tag tone="high">{t("emergencies.overdue")}</Tag>}
      </div>
      <Facts>
        {one.organization && <Fact label={t("emergencies.organization")}>{one.organization}</Fact>}
        <Fact label={t("emergencies.patient")}>{one.patient.name}</Fact>
        <Fact label={t("emergencies.reason")}>{one.reason}</Fact>
        <Fact label={t("emergencies.opened")}>
          <When value={one.opened} timed />
        </Fact>
        <Fact label={t("emergencies.what")}>
          {one.whole ? (
            <>
              {t("emergencies.whole")} <When value={one.whole} timed />
            </>
          ) : (
            t("emergencies.summary")
          )}
        </Fact>
        <Fact label={t("emergencies.ended")}>
          <When value={one.ended ?? one.until} timed />
        </Fact>
        <Fact label={t("sharing.lastRead")}>
          {one.lastRead ? <When value={one.lastRead} relative /> : t("sharing.neverRead")}
        </Fact>
        {one.review && (
          <Fact label={t("emergencies.reviewed")}>
            {one.review.by}, <When value={one.review.time} />
            {one.review.note && <> {one.review.note}</>}
          </Fact>
        )}
        {one.finding === "open" && (
          <Fact label={t("emergencies.due")}>
            <When value={one.due} relative />
          </Fact>
        )}
      </Facts>
      {one.finding === "open" && (
        <div className="row">
          <Button onClick={() => setFinding("justified")}>{t("emergencies.justified")}</Button>
          <Button kind="danger" onClick={() => setFinding("unjustified")}>
            {t("emergencies.unjustified")}
          </Button>
        </div>
      )}
      {finding && <ReviewDialog one={one} finding={finding} onClose={() => setFinding(null)} />}
    </Card>
  );
}

interface ReviewProps {
  one: DeclaredEmergency;
  finding: "justified" | "unjustified";
  onClose: () => void;
}

function ReviewDialog({ one, finding, onClose }: ReviewProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const review = useMutation({
    mutationFn: () => reviewEmergency(one.id, finding, note.trim() || null),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["admin", "emergencies"] });
      toast(t("emergencies.done"));
      onClose();
    },
  });
  const problem = review.error instanceof Problem ? review.error : null;
  return (
    <Dialog open title={t(`emergencies.${finding}Title`)} onClose={onClose}>
      <Form onSubmit={() => review.mutate()}>
        <LongText
          label={t(finding === "justified" ? "emergencies.note" : "emergencies.noteNeeded")}
          hint={t("emergencies.noteHint")}
          value={note}
          onText={setNote}
          error={problem?.issue("note")}
          maxLength={1000}
          required={finding === "unjustified"}
        />
        {review.error && (problem === null || problem.issues.length === 0) && <ErrorNote error={review.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            kind={finding === "justified" ? "main" : "danger"}
            busy={review.isPending}
            disabled={finding === "unjustified" && note.trim() === ""}
          >
            {t(`emergencies.${finding}`)}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
