import { expect, test } from "vitest";
import { pdfOf } from "./pdf";

const latin = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const sheet = (width: number, height: number) => ({
  jpeg: new Uint8Array([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]),
  width,
  height,
});

test("the table at the end says where each object begins", () => {
  const text = latin(pdfOf([sheet(300, 400), sheet(400, 300)]));
  const table = Number(/startxref\n(\d+)\n/.exec(text)?.[1]);
  expect(text.slice(table, table + 4)).toBe("xref");
  const rows = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map((row) => Number(row[1]));
  expect(rows).toHaveLength(8);
  rows.forEach((place, i) => {
    expect(text.slice(place).startsWith(`${i + 1} 0 obj\n`)).toBe(true);
  });
});

test("each picture is a page of its shape, and its bytes are untouched", () => {
  const text = latin(pdfOf([sheet(300, 400), sheet(400, 300)]));
  expect(text).toContain("/Count 2 /Kids [3 0 R 6 0 R]");
  expect(text).toContain("/MediaBox [0 0 631.50 842.00]");
  expect(text).toContain("/MediaBox [0 0 842.00 631.50]");
  expect(text.split("\u00ff\u00d8\u0001\u0002\u0003\u00ff\u00d9")).toHaveLength(3);
});
