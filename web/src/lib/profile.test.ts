import { expect, test } from "vitest";
import { colourOf, openProfile, setProfile } from "./profile";

test("a record has the same colour every time, and records differ", () => {
  expect(colourOf("213e75fd")).toBe(colourOf("213e75fd"));
  const colours = new Set(["a", "b", "c", "d", "e", "f"].map(colourOf));
  expect(colours.size).toBe(6);
});

test("the open record is remembered until it is closed", () => {
  setProfile({ account: 1, id: "p", name: "Mila" });
  expect(openProfile()?.name).toBe("Mila");
  setProfile(null);
  expect(openProfile()).toBe(null);
});
