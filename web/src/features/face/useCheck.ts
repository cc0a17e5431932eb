// The course of one face check: find the head, ask for gestures, take pictures. The page shows each state.
import { useCallback, useEffect, useRef, useState } from "react";
import { Problem } from "@/api/client";
import { askForGestures, lookAt } from "@/api/face";
import type { FaceChallenge, Gesture } from "@/api/types";
import { CameraError, type CameraFault, film, glimpse, openCamera } from "./camera";
import type { Shot } from "./device";
import { type Advice, advise, momentOf, type Pace, Patience } from "./guide";

/** How often one picture is looked at, and how many good ones in a row start the check. */
const LOOK_MS = 700;
const GOOD_IN_A_ROW = 2;

/** After as many the page offers another way. */
export const TRIES = 3;

export type Step =
  | { name: "intro" }
  | { name: "no-camera"; fault: CameraFault }
  | { name: "aligning"; advice: Advice | null }
  | { name: "asking"; gesture: Gesture | null; number: number; of: number; done: number }
  | { name: "sending" }
  /** Nobody came into the oval: the camera is off again. */
  | { name: "nobody" }
  | { name: "failed"; error: unknown; tries: number };

interface Given {
  pace: Pace;
  /** Sends the pictures; what it throws is shown. */
  send: (challenge: FaceChallenge, shots: Shot[]) => Promise<void>;
}

export function useCheck({ pace, send }: Given) {
  const [step, setStep] = useState<Step>({ name: "intro" });
  const video = useRef<HTMLVideoElement>(null);
  const run = useRef<AbortController | null>(null);
  const tries = useRef(0);

  const stop = useCallback(() => {
    run.current?.abort();
    run.current = null;
  }, []);
  useEffect(() => stop, [stop]);

  async function start() {
    stop();
    const control = new AbortController();
    run.current = control;
    const { signal } = control;
    let stream: MediaStream | null = null;
    try {
      setStep({ name: "aligning", advice: null });
      stream = await openCamera();
      const opened = stream;
      signal.addEventListener("abort", () => close(opened));
      signal.throwIfAborted();
      const shown = await play(video, opened, signal);
      const found = await align(shown, signal, pace, (advice) => setStep({ name: "aligning", advice }));
      if (!found) {
        close(opened);
        return setStep({ name: "nobody" });
      }
      const challenge = await askForGestures(pace);
      const { prompts } = challenge;
      const shots = await film(shown, challenge.frames, signal, (ms) => {
        const { prompt, done } = momentOf(prompts, ms);
        const gesture = prompt === null ? null : (prompts[prompt]?.gesture ?? null);
        const number = prompts.filter(({ from }) => ms >= from).length;
        setStep({ name: "asking", gesture, number, of: prompts.length, done });
      });
      close(opened);
      setStep({ name: "sending" });
      await send(challenge, shots);
    } catch (error) {
      if (signal.aborted) return;
      if (stream) close(stream);
      if (error instanceof CameraError) return setStep({ name: "no-camera", fault: error.fault });
      tries.current += 1;
      setStep({ name: "failed", error, tries: tries.current });
    }
  }

  const cancel = () => {
    stop();
    setStep({ name: "intro" });
  };
  return { step, video, start, cancel };
}

const close = (stream: MediaStream) => {
  for (const track of stream.getTracks()) track.stop();
};

/** Shows the camera in the page, which may draw its window only now. */
async function play(video: React.RefObject<HTMLVideoElement | null>, stream: MediaStream, signal: AbortSignal) {
  while (!video.current) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    signal.throwIfAborted();
  }
  const shown = video.current;
  shown.srcObject = stream;
  await shown.play();
  while (shown.videoWidth === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    signal.throwIfAborted();
  }
  return shown;
}

/** Waits until the head is where it should be; false when nobody came. */
async function align(video: HTMLVideoElement, signal: AbortSignal, pace: Pace, say: (advice: Advice) => void) {
  const patience = new Patience(performance.now(), pace);
  let good = 0;
  while (good < GOOD_IN_A_ROW) {
    if (patience.isOver(performance.now())) return false;
    let advice: Advice | null = null;
    try {
      advice = advise(await lookAt(await glimpse(video)));
      good = advice === "good" ? good + 1 : 0;
      signal.throwIfAborted();
      say(advice);
    } catch (error) {
      // A busy server gives no advice this time.
      const busy = error instanceof Problem && (error.status === 429 || error.status === 503);
      if (!busy) throw error;
    }
    patience.note(advice, performance.now());
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    signal.throwIfAborted();
  }
  return true;
}
