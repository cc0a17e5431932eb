import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { extendGrant } from "@/api/consent";
import type { Grant } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/Toast";
import { DurationPicker } from "./DurationPicker";
import { type Duration, endOf } from "./durations";

/** A new end for a consent, counted from now. */
export function ExtendDialog({ grant, open, onClose }: { grant: Grant; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [duration, setDuration] = useState<Duration>("30");
  const [day, setDay] = useState("");
  const until = endOf(duration, day, new Date());
  const extend = useMutation({
    mutationFn: () => extendGrant(grant.id, until ?? null),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["grants"] });
      onClose();
      toast(t("sharing.extended", { name: grant.grantee.name }));
    },
  });
  return (
    <Dialog open={open} title={t("sharing.extendTitle", { name: grant.grantee.name })} onClose={onClose}>
      <div className="stack">
        <p>{t("sharing.extendText")}</p>
        <DurationPicker
          value={duration}
          day={day}
          onChange={(next, nextDay) => {
            setDuration(next);
            setDay(nextDay);
          }}
        />
        {extend.error && <ErrorNote error={extend.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" busy={extend.isPending} disabled={until === undefined} onClick={() => extend.mutate()}>
            {t("sharing.extendNow")}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
