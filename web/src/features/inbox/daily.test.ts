import { expect, test } from "vitest";
import { localTime, times, utcTime } from "./daily";

test("a time is shown by the reader's clock and kept in UTC, over midnight too", () => {
  // India is 330 minutes ahead of UTC, New York 300 behind it.
  expect(localTime("06:00", -330)).toBe("11:30");
  expect(utcTime("11:30", -330)).toBe("06:00");
  expect(utcTime("02:00", -330)).toBe("20:30");
  expect(localTime("02:00", 300)).toBe("21:00");
});

test("full hours can be chosen, and what stands stays among them", () => {
  expect(times("08:00")).toHaveLength(24);
  expect(times("11:30")).toHaveLength(25);
  expect(times("11:30").indexOf("11:30")).toBe(12);
});
