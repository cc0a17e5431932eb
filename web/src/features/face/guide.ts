// How to hold the head, from what the server saw in one picture.
import type { FaceLook } from "@/api/types";

export type Advice = "nobody" | "crowd" | "closer" | "further" | "middle" | "dark" | "bright" | "good";

/** The one thing to change first. */
export function advise({ faces, face }: FaceLook): Advice {
  if (faces === 0) return "nobody";
  if (faces > 1 || !face) return "crowd";
  if (face.light < 0.2) return "dark";
  if (face.light > 0.88) return "bright";
  if (face.height < 0.33) return "closer";
  if (face.height > 0.75) return "further";
  if (Math.abs(face.x - 0.5) > 0.15 || Math.abs(face.y - 0.5) > 0.17) return "middle";
  return "good";
}

export type Pace = "usual" | "slow";

/** How long the camera looks for somebody, and how long it helps somebody into the oval. Twice that for who takes more time. */
const NOBODY_MS = 30_000;
const HELPING_MS = 120_000;

/** Knows when to stop looking: a camera that nobody sits in front of does not stay on. */
export class Patience {
  readonly #times: number;
  readonly #begun: number;
  #seen: number;

  constructor(now: number, pace: Pace) {
    this.#times = pace === "slow" ? 2 : 1;
    this.#begun = now;
    this.#seen = now;
  }

  /** What a picture showed; nothing when there was nobody to look at it. */
  note(advice: Advice | null, now: number): void {
    if (advice !== "nobody") this.#seen = now;
  }

  isOver(now: number): boolean {
    return now - this.#seen >= NOBODY_MS * this.#times || now - this.#begun >= HELPING_MS * this.#times;
  }
}

export interface Moment {
  /** Which prompt is shown, if any. */
  prompt: number | null;
  /** How much of all is done, 0 to 1. */
  done: number;
}

/** What the page shows at a moment of a check. */
export function momentOf(prompts: { from: number; until: number }[], ms: number): Moment {
  const last = prompts.at(-1)?.until ?? 1;
  const prompt = prompts.findIndex(({ from, until }) => ms >= from && ms <= until);
  return { prompt: prompt < 0 ? null : prompt, done: Math.min(1, Math.max(0, ms / last)) };
}
