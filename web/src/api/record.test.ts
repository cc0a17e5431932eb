import { describe, expect, it } from "vitest";
import { isoDay } from "@/lib/dates";
import { onTheWall } from "./record";

describe("the points of a series", () => {
  it("keep their day wherever the reader is, and their moment where they have one", () => {
    const day = Date.UTC(2026, 10, 15);
    const moment = Date.UTC(2026, 10, 16, 23, 30);
    const { points, limits } = onTheWall({
      code: "718-7",
      display: "Haemoglobin",
      unit: "g/dL",
      reference: null,
      points: [
        [day, 14.2, "a"],
        [moment, 14.1, "b"],
      ],
      limits: [{ time: day, comparator: "<", number: 4, id: "c" }],
      days: [day],
    });
    expect(points.map(([time]) => time)).toEqual([new Date(2026, 10, 15).getTime(), moment]);
    expect(limits?.[0]?.time).toBe(points[0]?.[0]);
    expect(isoDay(new Date(points[0]?.[0] ?? 0))).toBe("2026-11-15");
  });
});
