import { IconCamera } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import css from "./Desk.module.css";

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;

/** The browser's own reader of codes, where it has one. Elsewhere people type the digits, or scan with the phone's camera. */
const reader = (): DetectorClass | undefined => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

const BETWEEN = 150;

/** Looks through the camera for a code. What it sees stays in this page. */
export function Scanner({ onText }: { onText: (text: string) => void }) {
  const { t } = useTranslation();
  const [on, setOn] = useState(false);
  const [failed, setFailed] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const Reader = reader();
    const screen = video.current;
    if (!on || !screen || !Reader) return;
    let stopped = false;
    let stream: MediaStream | undefined;
    const look = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      if (stopped) return stop(stream);
      screen.srcObject = stream;
      await screen.play();
      const detector = new Reader({ formats: ["qr_code"] });
      while (!stopped) {
        for (const { rawValue } of await detector.detect(screen)) onText(rawValue);
        await new Promise((resolve) => setTimeout(resolve, BETWEEN));
      }
    };
    look().catch(() => {
      if (!stopped) setFailed(true);
    });
    return () => {
      stopped = true;
      stop(stream);
    };
  }, [on, onText]);
  if (!reader() || !navigator.mediaDevices) return <p className="muted">{t("desk.noReader")}</p>;
  if (failed) return <p role="alert">{t("desk.noCamera")}</p>;
  if (!on) {
    return (
      <div>
        <Button icon={<IconCamera aria-hidden />} onClick={() => setOn(true)}>
          {t("desk.camera")}
        </Button>
      </div>
    );
  }
  return <video ref={video} className={css.camera} muted playsInline aria-label={t("desk.camera")} />;
}

function stop(stream: MediaStream | undefined) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
