import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { endEmergency, openWhole } from "@/api/emergency";
import type { MyPatient } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { When } from "@/ui/When";

/** Says on every page of the record that it stands open without consent, what of it, and how to end that. */
export function EmergencyBand({ grant, patient }: { grant: MyPatient["grant"]; patient: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const whole = useMutation({
    mutationFn: () => openWhole(grant.id),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ["my-patients"] });
      await client.invalidateQueries({ queryKey: ["record", patient] });
    },
  });
  const end = useMutation({
    mutationFn: () => endEmergency(grant.id),
    onSuccess: async () => {
      await navigate({ to: "/patients" });
      client.invalidateQueries({ queryKey: ["my-patients"] });
      client.removeQueries({ queryKey: ["record", patient] });
    },
  });
  return (
    <>
      <Banner
        kind="warn"
        title={t(grant.categories === null ? "emergency.wholeOpen" : "emergency.summaryOpen")}
        action={
          <div className="row">
            {grant.categories !== null && (
              <Button size="small" kind="danger" onClick={() => setAsking(true)}>
                {t("emergency.openWhole")}
              </Button>
            )}
            <Button size="small" busy={end.isPending} onClick={() => end.mutate()}>
              {t("emergency.end")}
            </Button>
          </div>
        }
      >
        {grant.until && (
          <>
            {t("emergency.ends")} <When value={grant.until} relative />.{" "}
          </>
        )}
        {t("emergency.told")}
        {end.error && <ErrorNote error={end.error} />}
      </Banner>
      <Confirm
        open={asking}
        title={t("emergency.wholeTitle")}
        confirm={t("emergency.openWhole")}
        danger
        busy={whole.isPending}
        onConfirm={() => whole.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{t("emergency.wholeText")}</p>
        {whole.error && <ErrorNote error={whole.error} />}
      </Confirm>
    </>
  );
}
