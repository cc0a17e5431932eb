import { expect, test } from "vitest";
import en from "@/locales/en.json";
import other from "@/locales/en.other.json";

/** The paths of all texts. */
function paths(texts: object, at = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [`${at}${key}`] : paths(value as object, `${at}${key}.`),
  );
}

const ownTexts = new Map(paths(en).map((path) => [path, path]));

test("what is said in somebody else's record replaces a text that there is", () => {
  expect(paths(other).filter((path) => !ownTexts.has(path))).toEqual([]);
});

test("in somebody else's record nothing calls it one's own", () => {
  expect(JSON.stringify(other)).not.toMatch(/\byour (own )?record/i);
});
