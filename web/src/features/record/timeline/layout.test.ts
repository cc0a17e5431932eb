import { describe, expect, it } from "vitest";
import type { Entry, Group } from "@/api/types";
import {
  anchorAt,
  blocksBetween,
  heightOf,
  joinGroups,
  monthAt,
  placeOf,
  placeOfMonth,
  rowsBetween,
  rowsOf,
  stack,
  tally,
} from "./layout";

const heights = { head: 40, entry: 60, fold: 50, gap: 20 };
const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  type: "Observation",
  id,
  category: "result",
  title: id,
  date: "2024-03-10",
  ...more,
});
const visit = (id: string, entries: Entry[]): Group => ({
  visit: {
    id,
    title: "Visit",
    class: "ambulatory",
    start: "2024-03-10",
    end: null,
    organization: null,
    practitioner: null,
    reason: null,
  },
  date: "2024-03-10",
  entries,
});
const day = (date: string, entries: Entry[]): Group => ({ visit: null, date, entries });

describe("rows of a timeline", () => {
  it("folds a visit to its heading and a line, and opens it to its entries", () => {
    const group = visit("e1", [entry("a"), entry("b"), entry("c")]);
    const closed = rowsOf([group], () => false, heights);
    expect(closed.map((row) => row.kind)).toEqual(["head", "fold"]);
    expect(heightOf(closed)).toBe(110);
    const open = rowsOf([group], (key) => key === "e1", heights);
    expect(open.map((row) => row.kind)).toEqual(["head", "entry", "entry", "entry"]);
    expect(heightOf(open)).toBe(240);
  });

  it("leaves a short day open and folds a long one", () => {
    const few = day("2024-03-10", [entry("a"), entry("b")]);
    const many = day(
      "2024-03-11",
      Array.from({ length: 9 }, (_, i) => entry(`n${i}`)),
    );
    expect(rowsOf([few], () => false, heights).map((row) => row.kind)).toEqual(["head", "entry", "entry"]);
    expect(rowsOf([many], () => false, heights).map((row) => row.kind)).toEqual(["head", "fold"]);
  });

  it("joins the two parts of a visit that a page of the server cut", () => {
    const joined = joinGroups([visit("e1", [entry("a")]), visit("e1", [entry("b")]), visit("e2", [entry("c")])]);
    expect(joined.map((group) => group.entries.length)).toEqual([2, 1]);
  });

  it("says what a folded visit holds, without the visit itself", () => {
    const high = entry("b", { value: { text: "9", flag: "high" } });
    const group = visit("e1", [entry("e1", { type: "Encounter", category: "visit" }), entry("a"), high]);
    expect(tally(group)).toEqual({ categories: [["result", 2]], unusual: 1 });
  });
});

const spans = [
  { key: "a", count: 10, from: "2024-03-01", to: "2024-03-31" },
  { key: "b", count: 100, from: "2023-11-01", to: "2024-02-10" },
  { key: "c", count: 10, from: "2019-01-01", to: "2019-02-01" },
];

describe("places in a timeline", () => {
  const blocks = stack(spans, new Map([["a", 500]]), 10, heights);

  it("stacks what is known by its height and the rest by how much there is", () => {
    expect(blocks.map(({ top, height }) => [top, height])).toEqual([
      [0, 500],
      [500, 1000],
      [1500, 110],
    ]);
  });

  it("finds what lies between two places", () => {
    expect(blocksBetween(blocks, 400, 600)).toEqual([0, 1]);
    expect(blocksBetween(blocks, 5000, 6000)).toEqual([2, 2]);
    expect(blocksBetween([], 0, 10)).toEqual([0, -1]);
    const rows = rowsOf([day("2024-03-10", [entry("a"), entry("b")])], () => true, heights);
    expect(rowsBetween(rows, 100, 165, 230).map(({ row, top }) => [row.key, top])).toEqual([
      ["Observation/a", 160],
      ["Observation/b", 220],
    ]);
  });

  it("keeps what one looks at where it is when something above turns out higher", () => {
    const anchor = anchorAt(blocks, 1550);
    const later = stack(
      spans,
      new Map([
        ["a", 500],
        ["b", 4000],
      ]),
      10,
      heights,
    );
    expect(anchor && placeOf(later, anchor)).toBe(4550);
  });

  it("leads to the first line of a month as soon as its lines are known", () => {
    const visits = ["2024-02-10", "2024-01-31", "2024-01-02", "2023-12-24"].map((date, i) => ({
      ...visit(`v${i}`, [entry(`${i}`, { date }), entry(`${i}b`, { date })]),
      date,
    }));
    const rows = rowsOf(visits, () => false, heights);
    const rowsAt = (key: string) => (key === "b" ? rows : null);
    expect(placeOfMonth(blocks, "2024-01", rowsAt)).toBe(500 + 110);
    expect(placeOfMonth(blocks, "2023-12", rowsAt)).toBe(500 + 330);
    expect(placeOfMonth(blocks, "2021-06", rowsAt)).toBe(1500);
  });

  it("finds a stay that began in an earlier month where its last day stands", () => {
    const on = (date: string) => entry(date, { date });
    const stay = { ...visit("stay", [on("2024-02-03"), on("2024-01-30")]), date: "2024-01-30" };
    const days = ["2024-02-01", "2024-01-20"].map((date) => day(date, [on(date)]));
    const rows = rowsOf([stay, ...days], () => false, heights);
    const rowsAt = (key: string) => (key === "b" ? rows : null);
    const before = placeOfMonth(blocks, "2024-02", rowsAt);
    expect(before).toBe(500);
    expect(placeOfMonth(blocks, "2024-01", rowsAt)).toBeGreaterThan(before + 110);
  });

  it("leads to a month, also one inside a stretch or without entries", () => {
    expect(placeOfMonth(blocks, "2024-03")).toBe(0);
    expect(placeOfMonth(blocks, "2024-02")).toBe(500);
    const december = placeOfMonth(blocks, "2023-12");
    expect(december).toBeGreaterThan(800);
    expect(december).toBeLessThan(1000);
    expect(placeOfMonth(blocks, "2021-06")).toBe(1500);
    expect(monthAt(blocks, 1500)).toBe("2019-02");
    expect(monthAt(blocks, december)).toBe("2023-12");
  });
});
