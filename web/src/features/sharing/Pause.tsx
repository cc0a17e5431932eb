import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { pauseSharing, restriction, resumeSharing } from "@/api/consent";
import { useOwnPlace } from "@/api/family";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";

/** The switch: one act that puts everything to sleep that was ever given. */
export function Pause() {
  const { t } = useTranslation();
  const client = useQueryClient();
  // Whoever was chosen neither pauses nor is told of it.
  const decides = useOwnPlace();
  const found = useQuery({ ...restriction, enabled: decides });
  const [asking, setAsking] = useState(false);
  const pause = useMutation({
    mutationFn: pauseSharing,
    onSuccess: (now) => {
      client.setQueryData(restriction.queryKey, now);
      setAsking(false);
      toast(t("pause.done"));
    },
  });
  if (found.error) return <ErrorNote error={found.error} onRetry={() => found.refetch()} />;
  if (!found.data || found.data.since) return null;
  return (
    <Section title={t("pause.title")}>
      <p>{t("pause.text")}</p>
      <div className="row">
        <Button icon={<IconPlayerPause aria-hidden />} onClick={() => setAsking(true)}>
          {t("pause.do")}
        </Button>
      </div>
      <Confirm
        title={t("pause.sure")}
        confirm={t("pause.do")}
        open={asking}
        busy={pause.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => pause.mutate()}
      >
        <p>{t("pause.sureText")}</p>
        {pause.error && <ErrorNote error={pause.error} />}
      </Confirm>
    </Section>
  );
}

/** Stands above every page for as long as sharing is paused. */
export function PausedBanner() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const decides = useOwnPlace();
  const found = useQuery({ ...restriction, enabled: decides });
  const resume = useMutation({
    mutationFn: resumeSharing,
    onSuccess: (now) => {
      client.setQueryData(restriction.queryKey, now);
      toast(t("pause.resumed"));
    },
  });
  const since = found.data?.since;
  if (!since) return null;
  return (
    <Banner
      title={t("pause.on")}
      action={
        <Button icon={<IconPlayerPlay aria-hidden />} busy={resume.isPending} onClick={() => resume.mutate()}>
          {t("pause.resume")}
        </Button>
      }
    >
      <p>
        {t("pause.onText")} <When value={since} timed />
      </p>
      {resume.error && <ErrorNote error={resume.error} />}
    </Banner>
  );
}
