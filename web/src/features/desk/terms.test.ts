import { expect, test } from "vitest";
import { addressOf, codeIn } from "./terms";

const here = "https://record.example";

test("a code is read however it comes, and only from this server's own address", () => {
  expect(codeIn("1234 5678", here)).toBe("12345678");
  expect(codeIn(addressOf(here, "00045678"), here)).toBe("00045678");
  expect(codeIn("https://elsewhere.example/desk/scan?code=12345678", here)).toBeNull();
  for (const wrong of ["", "1234567", "123456789", "1234567a"]) expect(codeIn(wrong, here)).toBeNull();
});
