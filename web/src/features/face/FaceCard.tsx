import "@/lib/appsWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deleteFace, faceCheck, faceDevices } from "@/api/face";
import type { FaceDevice } from "@/api/types";
import { Button, ButtonLink } from "@/ui/Button";
import { Card, List } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { forget, keptDevices } from "./device";
import css from "./Face.module.css";

/** The face check among one's ways to sign in: where it is set up, and how to be rid of it. */
export function FaceCard() {
  const { t } = useTranslation();
  const available = useQuery(faceCheck);
  const list = useQuery(faceDevices);
  const devices = list.data ?? [];
  if (!available.data && devices.length === 0) return null;
  return (
    <Card>
      <h3>{t("face.title")}</h3>
      <p className="muted">{t(available.data ? "face.cardText" : "face.off")}</p>
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {devices.length > 0 && (
        <List label={t("face.devices")}>
          {devices.map((device) => (
            <li key={device.id}>
              <DeviceRow device={device} />
            </li>
          ))}
        </List>
      )}
      {available.data && (
        <div>
          <ButtonLink to="/account/face">{t("face.setUp")}</ButtonLink>
        </div>
      )}
    </Card>
  );
}

function DeviceRow({ device }: { device: FaceDevice }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => {
      await deleteFace(device.id);
      for (const each of await keptDevices()) if (each.id === device.id) await forget(each.username);
    },
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["face"] });
      toast(t("face.deleted"));
    },
  });
  return (
    <div className={css.device}>
      <div>
        <p>{device.name}</p>
        <p className="muted small">
          {t("face.since")} <When value={device.created} relative />
          {device.lastUsed && (
            <>
              {" \u00b7 "}
              {t("face.lastUsed")} <When value={device.lastUsed} relative />
            </>
          )}
        </p>
        {remove.error && <ErrorNote error={remove.error} />}
      </div>
      <Button size="small" kind="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
        {t("face.delete")}
        <span className="visually-hidden"> {device.name}</span>
      </Button>
    </div>
  );
}
