import "@/lib/appsWords";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { enrolFace } from "@/api/face";
import { ButtonLink } from "@/ui/Button";
import { CheckField, TextField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import { CameraCheck } from "./CameraCheck";
import { answer, keep, newKeys } from "./device";
import css from "./Face.module.css";

/** Setting up the face check on this device, with what is kept of the face said first. */
export function FaceSetupPage({ username, onDone }: { username: string; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(() => t("face.thisDevice"));
  const [agreed, setAgreed] = useState(false);
  return (
    <Page title={t("face.setUp")} lead={t("face.setUpLead")} narrow>
      <CameraCheck
        ready={agreed && name.trim() !== ""}
        otherWay={
          <ButtonLink to="/account" wide>
            {t("face.notNow")}
          </ButtonLink>
        }
        elsewhere={t("face.nobodySetUp")}
        send={async (challenge, shots) => {
          const keys = await newKeys();
          const device = await enrolFace(name.trim(), await answer(keys, "enrol", "", challenge.challenge, shots));
          await keep({ username, id: device.id, ...keys });
          await client.invalidateQueries({ queryKey: ["face"] });
          toast(t("face.done"));
          onDone();
        }}
      >
        <ul className={css.points}>
          <li>{t("face.kept")}</li>
          <li>{t("face.limits")}</li>
          <li>{t("face.choice")}</li>
        </ul>
        <TextField label={t("face.name")} value={name} onText={setName} maxLength={60} required />
        <CheckField label={t("face.consent")} checked={agreed} onCheck={setAgreed} />
      </CameraCheck>
    </Page>
  );
}
