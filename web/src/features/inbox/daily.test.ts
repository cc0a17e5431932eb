import { expect, test } from "vitest";
import { localTime, nightOf, ownTime, times } from "./daily";

test("a time that was told in UTC is shown by the reader's clock, over midnight too, and one of their own as it is", () => {
  // India is 330 minutes ahead of UTC, New York 300 behind it.
  expect(localTime("06:00", -330)).toBe("11:30");
  expect(localTime("02:00", 300)).toBe("21:00");
  expect(ownTime({ dailyAt: "06:00", zone: "UTC" }, -330)).toBe("11:30");
  expect(ownTime({ dailyAt: "06:00", zone: "Asia/Kolkata" }, -330)).toBe("06:00");
});

test("full hours can be chosen, and what stands stays among them", () => {
  expect(times("08:00")).toHaveLength(24);
  expect(times("11:30")).toHaveLength(25);
  expect(times("11:30").indexOf("11:30")).toBe(12);
});

test("quiet hours that go over midnight end on the day after", () => {
  expect(nightOf("22:00-07:00")).toEqual({ from: "22:00", to: "07:00", next: true });
  expect(nightOf("12:00-14:30")).toEqual({ from: "12:00", to: "14:30", next: false });
});
