import { describe, expect, it } from "vitest";
import { align, inRange, silences } from "./chart-data";

const DAY = 86_400_000;

describe("chart data", () => {
  it("puts two lines on one column of times and leaves no value where there is none", () => {
    const columns = align([
      {
        label: "upper",
        points: [
          [1000, 120, "a"],
          [3000, 130, "b"],
        ],
      },
      {
        label: "lower",
        points: [
          [1000, 80, "c"],
          [2000, 85, "d"],
        ],
      },
    ]);
    expect(columns).toEqual([
      [1, 2, 3],
      [120, undefined, 130],
      [80, 85, undefined],
    ]);
  });

  it("breaks the line in a long silence and only there", () => {
    const times = [0, 100, 200, 1500, 1600].map((day) => day * DAY);
    expect(silences(times)).toEqual([850 * DAY]);
    expect(silences([0, 400, 800].map((day) => day * DAY))).toEqual([]);
  });

  it("keeps the readings since a moment", () => {
    expect(
      inRange(
        [
          [1, 5, "a"],
          [9, 6, "b"],
        ],
        5,
      ),
    ).toEqual([[9, 6, "b"]]);
  });
});
