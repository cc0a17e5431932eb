import { describe, expect, it } from "vitest";
import { formatDate, formatRelative, isoDay, parseDate } from "./dates";

const now = new Date(2026, 4, 20, 15, 0);

describe("dates", () => {
  it("does not invent a day for a year or a month", () => {
    expect(formatDate("1998", "en")).toBe("1998");
    expect(formatDate("1998-07", "en")).toBe("July 1998");
    expect(formatDate("1998-07-04", "en")).toBe("Jul 4, 1998");
  });

  it("keeps a plain date on its own day in every time zone", () => {
    expect(isoDay(parseDate("2024-03-01"))).toBe("2024-03-01");
  });

  it("says near times the way people do and far ones as dates", () => {
    expect(formatRelative(new Date(2026, 4, 20, 14, 55).toISOString(), now, "en")).toBe("5 minutes ago");
    expect(formatRelative(new Date(2026, 4, 20, 14, 59, 40).toISOString(), now, "en")).toBe("now");
    expect(formatRelative("2026-05-19", now, "en")).toBe("yesterday");
    expect(formatRelative("2026-05-25", now, "en")).toBe("in 5 days");
    expect(formatRelative("2024-01-09", now, "en")).toBe("Jan 9, 2024");
  });

  it("leaves what is not a date as it was", () => {
    expect(formatDate("soon", "en")).toBe("soon");
  });
});
