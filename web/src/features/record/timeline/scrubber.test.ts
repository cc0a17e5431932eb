import { describe, expect, it } from "vitest";
import { afterKey, bars, withRoom, years } from "./scrubber";

const months = [
  { month: "2024-03", count: 99 },
  { month: "2024-01", count: 9 },
  { month: "2022-11", count: 0 },
  { month: "2019-05", count: 1 },
];
const place = (month: string) => months.findIndex((each) => each.month === month) / 4;

describe("the scrubber", () => {
  it("draws months by how much there is, so that a small one is still seen", () => {
    const drawn = bars(months, place);
    expect(drawn[0]?.length).toBe(1);
    expect(drawn[1]?.length).toBeCloseTo(0.5);
    expect(drawn[3]?.length).toBeGreaterThan(0.1);
    expect(bars([], place)).toEqual([]);
  });

  it("marks each year once, with all of its entries", () => {
    expect(years(bars(months, place))).toEqual([
      { year: "2024", count: 108, at: 0 },
      { year: "2022", count: 0, at: 0.5 },
      { year: "2019", count: 1, at: 0.75 },
    ]);
  });

  it("writes only the years that have room, and always the last", () => {
    const marks = years(bars(months, place));
    expect([...withRoom(marks, 400, 24)]).toEqual(["2024", "2022", "2019"]);
    expect([...withRoom(marks, 60, 24)]).toEqual(["2024", "2019"]);
  });

  it("goes by months with the arrows, by years with the page keys, and to both ends", () => {
    expect(afterKey("ArrowDown", months, "2024-03")).toBe("2024-01");
    expect(afterKey("ArrowUp", months, "2024-01")).toBe("2024-03");
    expect(afterKey("PageDown", months, "2024-03")).toBe("2022-11");
    expect(afterKey("PageUp", months, "2019-05")).toBe("2022-11");
    expect(afterKey("End", months, "2024-03")).toBe("2019-05");
    expect(afterKey("Home", months, "2019-05")).toBe("2024-03");
    expect(afterKey("ArrowDown", months, "2019-05")).toBe("2019-05");
    expect(afterKey("x", months, null)).toBeNull();
    expect(afterKey("End", [], null)).toBeNull();
  });
});
