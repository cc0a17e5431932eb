// Dates as people say them. A FHIR date may be a year, a month or a day: what is not known is not invented.

const DAY = 86_400_000;

export function parseDate(value: string): Date {
  const partial = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(value);
  // A plain date is a day on the wall calendar, wherever the reader is, so it is read in local time.
  if (partial) return new Date(Number(partial[1]), Number(partial[2] ?? 1) - 1, Number(partial[3] ?? 1));
  return new Date(value);
}

export function isoDay(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** One for each wish: to make one takes longer than to draw a line of a list. */
function format(date: Date, locale: string, wish: Intl.DateTimeFormatOptions): string {
  const key = locale + JSON.stringify(wish);
  const made = formats.get(key) ?? new Intl.DateTimeFormat(locale, wish);
  formats.set(key, made);
  return made.format(date);
}

export function formatDate(value: string, locale: string): string {
  const date = parseDate(value);
  if (Number.isNaN(date.getTime())) return value;
  if (/^\d{4}$/.test(value)) return value;
  if (/^\d{4}-\d{2}$/.test(value)) return format(date, locale, { month: "long", year: "numeric" });
  return format(date, locale, { day: "numeric", month: "short", year: "numeric" });
}

export function formatTime(value: string, locale: string): string {
  return new Date(value).toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });
}

/** Exact to the minute; plain dates stay plain. */
export function formatExact(value: string, locale: string): string {
  if (!value.includes("T")) return formatDate(value, locale);
  const date = new Date(value);
  // What is no date is shown as it came.
  return Number.isNaN(date.getTime()) ? value : format(date, locale, { dateStyle: "full", timeStyle: "short" });
}

/** "5 minutes ago", "yesterday", "in 3 days"; from a month away the date itself says more. */
export function formatRelative(value: string, now: Date, locale: string): string {
  const then = parseDate(value);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const gap = then.getTime() - now.getTime();
  // Nothing is "in 0 minutes": what is nearer than a minute is now.
  if (value.includes("T") && Math.abs(gap) < 60_000) return words.format(0, "second");
  if (value.includes("T") && Math.abs(gap) < 3_600_000) return words.format(Math.round(gap / 60_000), "minute");
  if (value.includes("T") && Math.abs(gap) < DAY / 2) return words.format(Math.round(gap / 3_600_000), "hour");
  const days = Math.round((startOfDay(then) - startOfDay(now)) / DAY);
  if (Math.abs(days) <= 31) return words.format(days, "day");
  return formatDate(value, locale);
}

export function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY);
}
