import { expect, test } from "vitest";
import type { ReadPage } from "@/api/types";
import { around, find, textOf } from "./text";
import { daysLeft, tagsIn } from "./words";

const word = (t: string, x: number, y: number) => ({ t, x, y, w: 0.1, h: 0.02, c: 0.9 });
const page: ReadPage = {
  n: 2,
  source: "ocr",
  confidence: 0.9,
  lines: [
    { words: [word("Total", 0.1, 0.1), word("cholesterol", 0.25, 0.1)] },
    { words: [word("Total", 0.1, 0.2), word("protein", 0.25, 0.2)] },
  ],
};

test("what is looked for is found in any case, over two words, with its place in the text and on the page", () => {
  const [hit, ...others] = find([page], "total  CHOLESTEROL");
  expect(others).toEqual([]);
  expect(hit && textOf(page).slice(hit.from, hit.to)).toBe("Total cholesterol");
  expect(hit?.place?.x).toBeCloseTo(0.1);
  expect(hit?.place?.w).toBeCloseTo(0.25);
});

test("a later line is found where it stands, and nothing matches over the end of a line", () => {
  expect(find([page], "protein").map((hit) => textOf(page).slice(hit.from, hit.to))).toEqual(["protein"]);
  expect(find([page], "cholesterol total")).toEqual([]);
  expect(find([page], "  ")).toEqual([]);
});

test("marks on letters and the end of a Greek word make no difference, and what is found is as long as it stands there", () => {
  const line = {
    words: [
      "na\u00efve",
      "caf\u00e9,",
      "\u03c0\u03bf\u03bd\u03bf\u03ba\u03ad\u03c6\u03b1\u03bb\u03bf\u03c2",
      "Stra\u00dfe",
    ].map((t) => word(t, 0.1, 0.1)),
  };
  const written: ReadPage = { ...page, lines: [line] };
  const found = (wanted: string) => find([written], wanted).map((hit) => textOf(written).slice(hit.from, hit.to));
  expect(found("NAIVE cafe")).toEqual(["na\u00efve caf\u00e9"]);
  expect(found("\u03a0\u039f\u039d\u039f\u039a\u0395\u03a6\u0391\u039b\u039f\u03a3")).toHaveLength(1);
  expect(found("stra\u00dfe")).toEqual(["Stra\u00dfe"]);
});

test("words without a layout have no place", () => {
  expect(around([{}, {}])).toBeNull();
});

test("tags are each kept once, and the last day still counts", () => {
  expect(tagsIn("knee,  Knee, blood  test,,")).toEqual(["knee", "blood test"]);
  const now = new Date("2026-03-01T12:00:00Z");
  expect(daysLeft("2026-03-31T12:00:00Z", now)).toBe(30);
  expect(daysLeft("2026-03-01T13:00:00Z", now)).toBe(1);
});
