// Puts readings into the shape that the chart draws. Pure.

export interface Line {
  label: string;
  points: [number, number, string][];
  /** Which of them are drawn full. */
  full?: ReadonlySet<string>;
}

type Columns = [number[], ...(number | null | undefined)[][]];

export function inRange(points: Line["points"], since: number | null): Line["points"] {
  return since === null ? points : points.filter(([time]) => time >= since);
}

/** One column of times (in seconds) and one column per line; a long silence becomes a gap and is never drawn through. */
export function align(lines: Line[]): Columns {
  const times = new Set<number>();
  const columns = lines.map((line) => {
    const at = new Map<number, number | null>();
    for (const [time, value] of line.points) at.set(time, value);
    for (const time of silences(line.points.map(([t]) => t))) at.set(time, null);
    for (const time of at.keys()) times.add(time);
    return at;
  });
  const sorted = [...times].sort((a, b) => a - b);
  // undefined lets the line pass, null breaks it.
  return [sorted.map((time) => time / 1000), ...columns.map((at) => sorted.map((time) => at.get(time)))];
}

const YEAR = 365 * 86_400_000;

/** Moments in the middle of silences that are long for this series: over two years and five times its usual distance. */
export function silences(times: number[]): number[] {
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  if (gaps.length < 2) return [];
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const longest = Math.max(2 * YEAR, 5 * usual);
  return gaps.flatMap((gap, i) => (gap > longest ? [(times[i] ?? 0) + gap / 2] : []));
}
