// How long a consent lasts. Pure.
import { addDays, isoDay, parseDate } from "@/lib/dates";

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

/** As far ahead as a day can be chosen. */
export const MOST_DAYS = 3650;

/** A day that was chosen and is over already: nothing could end on it. */
export const isOver = (duration: Duration, day: string, now: Date): boolean =>
  duration === "custom" && day !== "" && endOf(duration, day, now) === undefined;

/** What stands chosen when somebody asked for so many days: just that, and never more. */
export function durationFor(days: number | null, now: Date): { duration: Duration; day: string } {
  if (days === null) return { duration: "30", day: "" };
  const same = (["1", "7", "30", "365"] as const).find((each) => Number(each) === days);
  if (same) return { duration: same, day: "" };
  if (days < 1 || days > MOST_DAYS) return { duration: days < 1 ? "1" : "365", day: "" };
  return { duration: "custom", day: isoDay(addDays(now, days)) };
}
