// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint";

const file = (text: string, lastModified = 7) => new File([text], "a.txt", { lastModified });

test("a file is known by its beginning and by when it was changed", async () => {
  const known = await fingerprint(file("some words"));
  expect(known).toMatch(/^[0-9a-f]{32}-7$/);
  expect(await fingerprint(file("some words"))).toBe(known);
  expect(await fingerprint(file("other words"))).not.toBe(known);
  expect(await fingerprint(file("some words", 8))).not.toBe(known);
});
