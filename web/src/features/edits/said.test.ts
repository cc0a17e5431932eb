import { expect, test } from "vitest";
import i18n from "@/lib/i18n";
import { said } from "./said";

const read = (element: string, before: string | null, after: string | null) => {
  const both = said({ element, before, after }, "en", i18n.t);
  // Which space stands before AM depends on the machine.
  return [both.before, both.after].map((text) => text?.replace("\u202f", " ") ?? null);
};

test("dates of a change read as they do on every other page", () => {
  expect(read("onsetDateTime", null, "2024-05-01")).toEqual([null, "May 1, 2024"]);
  expect(read("onsetDateTime", "2020", "2020-05")).toEqual(["2020", "May 2020"]);
  expect(read("abatementPeriod", "from 2022", "2022 to 2023-01-31")).toEqual([
    "2022 \u2013",
    "2022 \u2013 Jan 31, 2023",
  ]);
  expect(read("effectiveDateTime", null, "2024-05-01T08:30:00")).toEqual([null, "May 1, 2024, 8:30 AM"]);
});

test("who speaks in an entry is called by name, unless two of one name would read the same", () => {
  expect(read("recorder", null, "Dr Kim Lee (Practitioner/a-1)")).toEqual([null, "Dr Kim Lee"]);
  const [before, after] = ["Dr Kim Lee (Practitioner/a-1)", "Dr Kim Lee (Practitioner/b-2)"];
  expect(read("asserter", before, after)).toEqual([before, after]);
});

test("what is no date, or would read the same, is shown as it came", () => {
  expect(read("code", null, "2024-05-01")).toEqual([null, "2024-05-01"]);
  expect(read("valuePeriod", null, "2024-05-01, extension: x")).toEqual([null, "2024-05-01, extension: x"]);
  const [before, after] = ["2024-05-01T08:30:00Z", "2024-05-01T08:30:10Z"];
  expect(read("issued", before, after)).toEqual([before, after]);
});
