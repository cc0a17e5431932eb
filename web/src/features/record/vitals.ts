// Which readings are shown first, and which belong together. LOINC codes, from the vital signs profile of FHIR R4
// (hl7.org/fhir/R4/observation-vitalsigns.html) and, from 41950-7 on, from loinc.org.
import type { SeriesHead } from "@/api/types";

export const SYSTOLIC = "8480-6";
export const DIASTOLIC = "8462-4";

const ORDER = [
  SYSTOLIC,
  "8867-4",
  "29463-7",
  "59408-5",
  "2708-6",
  "8310-5",
  "9279-1",
  "39156-5",
  "8302-2",
  "41950-7",
  "2339-0",
  "4548-4",
];

export interface Tile {
  head: SeriesHead;
  /** The second value of a pair, such as the lower blood pressure. */
  second: SeriesHead | null;
}

/** Vital signs in a familiar order, blood pressure as one; results follow, most measured first. */
export function tiles(series: SeriesHead[]): Tile[] {
  const second = series.find((each) => each.code === DIASTOLIC) ?? null;
  const hasPair = second !== null && series.some((each) => each.code === SYSTOLIC);
  const rank = (head: SeriesHead) => {
    const place = ORDER.indexOf(head.code);
    return place >= 0 ? place : head.category === "vital" ? ORDER.length : ORDER.length + 1;
  };
  return series
    .filter((each) => !(hasPair && each.code === DIASTOLIC))
    .sort((a, b) => rank(a) - rank(b) || b.count - a.count)
    .map((head) => ({ head, second: head.code === SYSTOLIC ? second : null }));
}

const RELATED: Record<string, string> = { [SYSTOLIC]: DIASTOLIC, [DIASTOLIC]: SYSTOLIC };

/** The code that is drawn on the same chart. */
export const companion = (code: string): string | null => RELATED[code] ?? null;
