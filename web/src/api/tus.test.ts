import { expect, test } from "vitest";
import { metadata } from "./tus";

test("wishes are written as the protocol has them, letters of any script included", () => {
  expect(metadata({ filename: "R\u00f6ntgen \u0905.pdf", patient: "p1" })).toBe(
    "filename UsO2bnRnZW4g4KSFLnBkZg==,patient cDE=",
  );
  expect(metadata({ filename: "a", patient: "b", title: "" })).toBe("filename YQ==,patient Yg==");
});
