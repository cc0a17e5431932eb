import "@/lib/appsWords";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { faceCheck, signInWithFace } from "@/api/face";
import { Banner } from "@/ui/Banner";
import { ButtonLink } from "@/ui/Button";
import { RadioList } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { CameraCheck } from "./CameraCheck";
import { answer, type KeptDevice, keptDevices } from "./device";

const kept = { queryKey: ["kept-faces"], queryFn: keptDevices, staleTime: 0 };

/** Signing in by the camera, on a device where somebody set it up. */
export function FaceSignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  useTitle(t("face.signIn"));
  const available = useQuery(faceCheck);
  const devices = useQuery(kept);
  const loading = available.isPending || devices.isPending;
  const usable = available.data === true && devices.data !== undefined && devices.data.length > 0;
  return (
    <>
      <PageHeading>{t("face.signIn")}</PageHeading>
      {loading && <Skeleton rows={2} height={60} />}
      {!loading && !usable && (
        <>
          <Banner kind="info" title={t(available.data === false ? "face.off" : "face.notHere")}>
            {t(available.data === false ? "face.offText" : "face.notHereText")}
          </Banner>
          <OtherWay main />
        </>
      )}
      {usable && <Check devices={devices.data} onSignedIn={onSignedIn} />}
    </>
  );
}

function OtherWay({ main }: { main?: boolean }) {
  const { t } = useTranslation();
  return (
    <ButtonLink to="/sign-in" wide kind={main ? "main" : "plain"}>
      {t("face.otherWay")}
    </ButtonLink>
  );
}

function Check({ devices, onSignedIn }: { devices: KeptDevice[]; onSignedIn: () => void }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState(devices[0]?.username ?? "");
  const device = devices.find((each) => each.username === username);
  return (
    <CameraCheck
      ready={device !== undefined}
      otherWay={<OtherWay />}
      elsewhere={t("face.nobodySignIn")}
      send={async (challenge, shots) => {
        if (!device) return;
        await signInWithFace(username, await answer(device, "login", username, challenge.challenge, shots));
        onSignedIn();
      }}
    >
      <p className="muted">{t("face.signInText")}</p>
      {devices.length > 1 && (
        <RadioList
          label={t("face.who")}
          value={username}
          onPick={setUsername}
          options={devices.map((each) => ({ value: each.username, label: each.username }))}
        />
      )}
    </CameraCheck>
  );
}
