// What lies between two values of one kind. Pure; nothing is told where units differ or a value is no number.

import type { ComparedCourse, Entry } from "@/api/types";

export interface Difference {
  /** With its sign: "+0.5". */
  text: string;
  unit: string;
  direction: "up" | "down" | "same";
}

/** How many digits stand behind the point of the number, whatever its unit says. */
const decimals = (text: string): number => /^\D*\d+\.(\d+)/.exec(text)?.[1]?.length ?? 0;

function signed(from: number, to: number, places: number): string {
  const difference = (to - from).toFixed(places);
  if (Number(difference) === 0) return "0";
  // A real minus, so that a screen reader says so.
  return Number(difference) > 0 ? `+${difference}` : `\u2212${difference.slice(1)}`;
}

const directionOf = (from: number, to: number): Difference["direction"] =>
  to > from ? "up" : to < from ? "down" : "same";

const PRESSURE = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?) (\S+)$/;

export function difference(before: Entry | null, after: Entry | null): Difference | null {
  const [first, second] = [before?.value, after?.value];
  if (!first || !second || before?.id === after?.id) return null;
  const [was, is] = [PRESSURE.exec(first.text), PRESSURE.exec(second.text)];
  if (was?.[1] && was[2] && is?.[1] && is[2] && was[3] === is[3]) {
    const pairs = [
      [was[1], is[1]],
      [was[2], is[2]],
    ] as const;
    const text = pairs.map(([a, b]) => signed(Number(a), Number(b), Math.max(decimals(a), decimals(b)))).join("/");
    return { text, unit: is[3] ?? "", direction: directionOf(Number(was[1]), Number(is[1])) };
  }
  if (first.number == null || second.number == null || (first.unit ?? "") !== (second.unit ?? "")) return null;
  // "< 5" is no five.
  if (/^[<>]/.test(first.text) || /^[<>]/.test(second.text)) return null;
  const places = Math.min(Math.max(decimals(first.text), decimals(second.text)), 4);
  return {
    text: signed(first.number, second.number, places),
    unit: second.unit ?? "",
    direction: directionOf(first.number, second.number),
  };
}

export type Change = "began" | "ended" | "unclear" | "perhaps" | "stayed";

/** What happened to something between the two days. */
export function changeOf({ before, after }: Pick<ComparedCourse, "before" | "after">): Change {
  if (after === "unclear") return "unclear";
  if (after === "yes") return before === "no" ? "began" : before === "unclear" ? "perhaps" : "stayed";
  return before === "unclear" ? "unclear" : before === "yes" ? "ended" : "stayed";
}
