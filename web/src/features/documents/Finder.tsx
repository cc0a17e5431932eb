import { IconCamera } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import css from "./Camera.module.css";
import { fromVideo, type Photo } from "./photo";

type Fault = "denied" | "none" | "insecure";

/** What the camera sees, and the button that keeps it. What is not kept leaves no trace. */
export function Finder({ onPhoto }: { onPhoto: (photo: Photo) => void }) {
  const { t } = useTranslation();
  const [on, setOn] = useState(false);
  const [ready, setReady] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const screen = video.current;
    if (!on || !screen) return;
    let stopped = false;
    let stream: MediaStream | undefined;
    const look = async () => {
      if (!navigator.mediaDevices?.getUserMedia) return setFault("insecure");
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 3840 }, height: { ideal: 2160 } },
        audio: false,
      });
      if (stopped) return stop(stream);
      screen.srcObject = stream;
      await screen.play();
      setReady(true);
    };
    look().catch((cause) => {
      if (!stopped) setFault(cause instanceof DOMException && cause.name === "NotAllowedError" ? "denied" : "none");
    });
    return () => {
      stopped = true;
      stop(stream);
    };
  }, [on]);
  if (fault) {
    return (
      <Banner kind="warn" title={t("documents.camera.noCamera")}>
        {t(`documents.camera.fault.${fault}`)}
      </Banner>
    );
  }
  if (!on) {
    return (
      <div className={css.closed}>
        <Button kind="main" icon={<IconCamera aria-hidden />} onClick={() => setOn(true)}>
          {t("documents.camera.start")}
        </Button>
      </div>
    );
  }
  return (
    <div className="stack">
      <video ref={video} className={css.video} muted playsInline aria-label={t("documents.camera.video")} />
      <Button
        kind="main"
        wide
        icon={<IconCamera aria-hidden />}
        disabled={!ready}
        onClick={() => video.current && onPhoto(fromVideo(video.current))}
      >
        {t(ready ? "documents.camera.take" : "documents.camera.opening")}
      </Button>
    </div>
  );
}

function stop(stream: MediaStream | undefined) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
