import "@/lib/appsWords";
import { IconCamera } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import type { FaceChallenge } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { CheckField } from "@/ui/Field";
import type { Shot } from "./device";
import css from "./Face.module.css";
import { GestureIcon } from "./GestureIcon";
import { type Step, TRIES, useCheck } from "./useCheck";

interface CheckProps {
  /** What is said, and asked, before the camera is opened. */
  children: ReactNode;
  /** Whether the camera may be opened yet. */
  ready: boolean;
  /** Another way, for when this one does not work out. */
  otherWay: ReactNode;
  /** The same as a sentence, for somebody whom the camera did not find. */
  elsewhere: string;
  send: (challenge: FaceChallenge, shots: Shot[]) => Promise<void>;
}

/** Leads through a face check, by eye, by ear and by keyboard. */
export function CameraCheck({ children, ready, otherWay, elsewhere, send }: CheckProps) {
  const { t } = useTranslation();
  const [slow, setSlow] = useState(false);
  const { step, video, start, cancel } = useCheck({ pace: slow ? "slow" : "usual", send });
  const open = step.name === "aligning" || step.name === "asking" || step.name === "sending";
  return (
    <div className="stack-loose">
      {step.name === "intro" && (
        <>
          {children}
          <CheckField label={t("face.slow")} hint={t("face.slowHint")} checked={slow} onCheck={setSlow} />
          <Button kind="main" wide icon={<IconCamera aria-hidden />} disabled={!ready} onClick={start}>
            {t("face.start")}
          </Button>
        </>
      )}
      {step.name === "no-camera" && (
        <Banner kind="warn" title={t("face.noCamera")}>
          {t(`face.fault.${step.fault}`)}
        </Banner>
      )}
      {step.name === "nobody" && (
        <Banner kind="info" title={t("face.nobody")}>
          {t("face.nobodyText")} {elsewhere}
        </Banner>
      )}
      {step.name === "failed" && <Failed step={step} />}
      {(step.name === "no-camera" || step.name === "nobody" || step.name === "failed") && (
        <div className={css.ways}>
          <Button kind="main" wide onClick={start}>
            {t("face.again")}
          </Button>
          {otherWay}
        </div>
      )}
      {open && (
        <>
          <Stage step={step}>
            <video ref={video} className={css.video} playsInline muted aria-label={t("face.video")} />
          </Stage>
          <Button wide onClick={cancel}>
            {t("common.cancel")}
          </Button>
        </>
      )}
    </div>
  );
}

function Failed({ step }: { step: Extract<Step, { name: "failed" }> }) {
  const { t } = useTranslation();
  const { error, tries } = step;
  if (tries >= TRIES) {
    return (
      <Banner kind="warn" title={t("face.enough")}>
        {t("face.enoughText")}
      </Banner>
    );
  }
  if (error instanceof Problem && (error.status === 401 || error.status === 422)) {
    return (
      <Banner kind="error" title={t("face.failed")}>
        {error.detail}
      </Banner>
    );
  }
  return <ErrorNote error={error} />;
}

function Stage({ step, children }: { step: Step; children: ReactNode }) {
  const { t } = useTranslation();
  const gesture = step.name === "asking" ? step.gesture : null;
  const good = step.name === "aligning" && step.advice === "good";
  return (
    <div className={css.stage}>
      <div className={css.frame}>
        {children}
        <svg className={css.oval} viewBox="0 0 360 480" aria-hidden="true">
          <path className={css.shade} fillRule="evenodd" d="M0 0H360V480H0ZM180 70a128 168 0 1 0 .1 0Z" />
          <ellipse cx="180" cy="238" rx="128" ry="168" className={good || gesture ? css.ringGood : css.ring} />
        </svg>
        {gesture && (
          <div className={css.picture}>
            <GestureIcon gesture={gesture} />
          </div>
        )}
      </div>
      <p className={css.words} role="status" aria-live="assertive">
        {wordsOf(step, t)}
      </p>
      <progress
        className={css.progress}
        aria-label={t("face.progress")}
        max={1}
        value={step.name === "asking" ? step.done : step.name === "sending" ? 1 : 0}
      />
    </div>
  );
}

function wordsOf(step: Step, t: TFunction): string {
  if (step.name === "aligning") return t(step.advice ? `face.advice.${step.advice}` : "face.opening");
  if (step.name === "sending") return t("face.sending");
  if (step.name !== "asking") return "";
  return step.gesture ? t(`face.gesture.${step.gesture}`) : t(step.number === 0 ? "face.rest" : "face.relax");
}
