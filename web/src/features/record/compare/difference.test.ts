import { describe, expect, it } from "vitest";
import type { Entry, EntryValue } from "@/api/types";
import { changeOf, difference } from "./difference";

const entry = (id: string, value: EntryValue): Entry => ({
  type: "Observation",
  id,
  category: "result",
  title: "x",
  date: "2024-01-01",
  value,
});
const number = (id: string, text: string, value: number, unit?: string) => entry(id, { text, number: value, unit });

describe("the difference of two values", () => {
  it("has the digits and the unit of the values", () => {
    expect(difference(number("a", "6.9%", 6.9, "%"), number("b", "7.4%", 7.4, "%"))).toEqual({
      text: "+0.5",
      unit: "%",
      direction: "up",
    });
    expect(difference(number("a", "84.0 kg", 84, "kg"), number("b", "81.5 kg", 81.5, "kg"))?.text).toBe("\u22122.5");
    expect(difference(number("a", "5 kg", 5, "kg"), number("b", "5 kg", 5, "kg"))).toEqual({
      text: "0",
      unit: "kg",
      direction: "same",
    });
  });

  it("counts the digits of the value and not those of its unit", () => {
    const filtration = (id: string, value: number) =>
      number(id, `${value} mL/min/1.73 m\u00b2`, value, "mL/min/1.73 m\u00b2");
    expect(difference(filtration("a", 108), filtration("b", 96))?.text).toBe("\u221212");
  });

  it("tells both parts of a blood pressure", () => {
    const pressure = (id: string, text: string) => entry(id, { text, unit: "mmHg" });
    expect(difference(pressure("a", "150/95 mmHg"), pressure("b", "142/97 mmHg"))).toEqual({
      text: "\u22128/+2",
      unit: "mmHg",
      direction: "down",
    });
  });

  it("says nothing of what cannot be compared", () => {
    expect(difference(number("a", "5 mg", 5, "mg"), number("b", "5 g", 5, "g"))).toBeNull();
    expect(difference(number("a", "< 5 mg", 5, "mg"), number("b", "6 mg", 6, "mg"))).toBeNull();
    expect(difference(null, number("b", "6 mg", 6, "mg"))).toBeNull();
    const same = number("a", "6 mg", 6, "mg");
    expect(difference(same, same)).toBeNull();
    expect(difference(entry("a", { text: "Positive" }), entry("b", { text: "Negative" }))).toBeNull();
  });
});

describe("what happened between two days", () => {
  it("began, ended, stayed, or nobody knows", () => {
    expect(changeOf({ before: "no", after: "yes" })).toBe("began");
    expect(changeOf({ before: "yes", after: "no" })).toBe("ended");
    expect(changeOf({ before: "yes", after: "yes" })).toBe("stayed");
    expect(changeOf({ before: "unclear", after: "no" })).toBe("unclear");
    // It began and ended in between, or began and goes on with breaks: only what is known is told.
    expect(changeOf({ before: "no", after: "unclear" })).toBe("unclear");
    expect(changeOf({ before: "unclear", after: "yes" })).toBe("perhaps");
  });
});
