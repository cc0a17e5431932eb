import { createInstance, type TFunction } from "i18next";
import { beforeAll, expect, test } from "vitest";
import type { Wish } from "@/api/types";
import en from "@/locales/en.json";
import { lines, wishTitle } from "./words";

let t: TFunction;
beforeAll(async () => {
  const i18n = createInstance();
  t = await i18n.init({ lng: "en", resources: { en: { translation: en } } });
});

const wish = (more: Partial<Wish>): Wish => ({ scope: "x", about: "data", needed: false, ...more });

test("a scope is said in words", () => {
  const see = { kind: "Observation", operations: ["read", "search"] };
  expect(wishTitle(t, wish(see))).toBe("See readings and results");
  expect(
    wishTitle(t, wish({ ...see, conditions: [{ parameter: "category", value: "http://x|vital-signs" }] })),
  ).toContain("only vital signs");
  expect(wishTitle(t, wish({ operations: ["create", "read", "delete"] }))).toBe(
    "See, add and delete everything in the record",
  );
  expect(wishTitle(t, wish({ about: "offline" }))).toBe("Go on when you are not here");
});

test("what means the same is asked once", () => {
  const both = lines(t, [wish({ scope: "openid", about: "identity" }), wish({ scope: "fhirUser", about: "identity" })]);
  expect(both).toHaveLength(1);
  expect(both[0]?.scopes).toEqual(["openid", "fhirUser"]);
  expect(lines(t, [wish({ kind: "Condition", operations: ["update"] })])[0]?.writes).toBe(true);
});
