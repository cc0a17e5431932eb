// Months on a track: how much there is in each, which year is written where, and what a key leads to. Pure.

export interface Month {
  month: string;
  count: number;
}

export interface Bar {
  month: string;
  count: number;
  /** From the top of the track, 0 to 1. */
  at: number;
  /** How long the bar is, 0 to 1: a month with ten times as much is not ten times as long, or most would not be seen. */
  length: number;
}

/** `place` says where a month begins, from 0 to 1. */
export function bars(months: readonly Month[], place: (month: string) => number): Bar[] {
  const most = Math.max(1, ...months.map(({ count }) => count));
  return months.map(({ month, count }) => ({
    month,
    count,
    at: place(month),
    length: Math.log1p(count) / Math.log1p(most),
  }));
}

export interface YearMark {
  year: string;
  count: number;
  at: number;
}

/** One mark per year, where its newest month begins. */
export function years(list: readonly Bar[]): YearMark[] {
  const marks: YearMark[] = [];
  for (const { month, count, at } of list) {
    const year = month.slice(0, 4);
    const last = marks.at(-1);
    if (last?.year === year) last.count += count;
    else marks.push({ year, count, at });
  }
  return marks;
}

/** The years that have room on a track of this height, the first and the last always. */
export function withRoom(marks: readonly YearMark[], height: number, each: number): Set<string> {
  const shown = new Set<string>();
  const last = marks.at(-1);
  let below = Number.NEGATIVE_INFINITY;
  for (const mark of marks) {
    const y = mark.at * height;
    const clear = !last || mark === last || last.at * height - y >= each;
    if (y - below >= each && clear) {
      shown.add(mark.year);
      below = y;
    }
  }
  return shown;
}

/** The month that a key leads to, newest first. */
export function afterKey(key: string, months: readonly Month[], now: string | null): string | null {
  if (months.length === 0) return null;
  const found = months.findIndex(({ month }) => now !== null && month <= now);
  const at = found === -1 ? months.length - 1 : found;
  const year = (months[at]?.month ?? "").slice(0, 4);
  switch (key) {
    case "ArrowDown":
    case "ArrowLeft":
      return months[Math.min(at + 1, months.length - 1)]?.month ?? null;
    case "ArrowUp":
    case "ArrowRight":
      return months[Math.max(at - 1, 0)]?.month ?? null;
    case "PageDown":
      return (months.find(({ month }) => month.slice(0, 4) < year) ?? months.at(-1))?.month ?? null;
    case "PageUp":
      return [...months].reverse().find(({ month }) => month.slice(0, 4) > year)?.month ?? months[0]?.month ?? null;
    case "Home":
      return months[0]?.month ?? null;
    case "End":
      return months.at(-1)?.month ?? null;
    default:
      return null;
  }
}
