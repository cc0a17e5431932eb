import { expect, test } from "vitest";
import { read, write } from "./digits";

test("numbers keep their digits and texts their words", () => {
  const json = '{"id":"a","value":1.0,"more":[-0.50,2e3],"text":"1.0 \\"2.0\\" 3"}';
  expect(write(read(json))).toBe(json);
});
