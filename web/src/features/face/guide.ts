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
