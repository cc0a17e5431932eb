import { expect, test } from "vitest";
import { plain } from "./bytes";

test("a text file is read in the way in which it was written", () => {
  const text = "Befund: \u00dcbelkeit";
  const utf16 = new Uint8Array(new Uint16Array([0xfeff, ...[...text].map((letter) => letter.charCodeAt(0))]).buffer);
  const turned = utf16.map((_, i) => utf16[i ^ 1] ?? 0);
  const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  for (const bytes of [new TextEncoder().encode(text), utf16, turned, latin]) expect(plain(bytes)).toBe(text);
  expect(plain(new Uint8Array())).toBe("");
});
