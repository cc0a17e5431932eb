// How long a consent lasts. Pure.
import { addDays, parseDate } from "@/lib/dates";

export const DURATIONS = ["1", "7", "30", "365", "custom", "open"] as const;
export type Duration = (typeof DURATIONS)[number];

/** The instant a consent ends, null for "until I stop it", undefined when a custom day is missing or past. */
export function endOf(duration: Duration, day: string, now: Date): string | null | undefined {
  if (duration === "open") return null;
  if (duration !== "custom") return addDays(now, Number(duration)).toISOString();
  const date = parseDate(day);
  if (Number.isNaN(date.getTime())) return undefined;
  // The chosen day is included, so access ends when it is over where the patient lives.
  date.setHours(23, 59, 59, 999);
  return date > now ? date.toISOString() : undefined;
}

export function durationFor(days: number | null): Duration {
  const fitting = (["1", "7", "30", "365"] as const).find((each) => days !== null && Number(each) >= days);
  return fitting ?? "30";
}
