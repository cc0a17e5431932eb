// How the parts of a change read: dates as people say them, who speaks by their name, everything else as it came.
import type { TFunction } from "i18next";
import type { EditChange } from "@/api/types";
import { formatDate, formatTime } from "@/lib/dates";

const DATED = /(?:DateTime|Date|Period|Instant)$|^(?:date|dateAsserted|issued|authoredOn|lastOccurrence|period)$/;
const DATE = /^\d{4}(?:-\d{2}){0,2}(?:T\S+)?$/;

/** Whose name stands there is theirs: the server sees to that. */
const SPEAKER = /^(?:recorder|asserter)$/;
const NUMBER = / \(Practitioner\/[A-Za-z0-9.-]{1,64}\)$/;

/** What stood and what will stand. Where both would read the same they are shown as they are, since they differ. */
export function said({ element, before, after }: EditChange["lines"][number], locale: string, t: TFunction) {
  const read = (text: string | null) => {
    if (text !== null && SPEAKER.test(element)) return text.replace(NUMBER, "");
    return text !== null && DATED.test(element) ? dated(text, locale, t) : text;
  };
  const [was, is] = [read(before), read(after)];
  return was === is ? { before, after } : { before: was, after: is };
}

function dated(text: string, locale: string, t: TFunction): string {
  const day = (part: string) =>
    part.includes("T") ? `${formatDate(part, locale)}, ${formatTime(part, locale)}` : formatDate(part, locale);
  const [, first = "", second = ""] = /^(?:from )?(\S+?)(?: to (\S+))?$/.exec(text) ?? [];
  const until = /^until (\S+)$/.exec(text)?.[1] ?? "";
  if (DATE.test(until)) return `${t("resource.until")} ${day(until)}`;
  if (!DATE.test(first) || (second !== "" && !DATE.test(second))) return text;
  if (second !== "") return `${day(first)} \u2013 ${day(second)}`;
  return text.startsWith("from ") ? `${day(first)} \u2013` : day(first);
}
