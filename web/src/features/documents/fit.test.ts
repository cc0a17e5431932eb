import { expect, test } from "vitest";
import { packed, parted } from "./fit";

const pages = (...sizes: number[]) => sizes.map((size) => new Uint8Array(size));

test("photographs are packed as finely as one document can take", async () => {
  const tried: number[] = [];
  const make = async (quality: number) => {
    tried.push(quality);
    return pages(quality * 100_000, quality * 100_000);
  };
  expect((await packed(make, 1_000_000)).length).toBe(2);
  expect(tried).toEqual([0.85]);
  await packed(make, 150_000);
  expect(tried).toEqual([0.85, 0.85, 0.7]);
  await packed(make, 50_000);
  expect(tried.at(-1)).toBe(0.55);
});

test("what one document cannot take becomes several, in order and with nothing left out", () => {
  expect(parted(pages(40_000, 40_000, 40_000), 200_000)).toEqual([3]);
  expect(parted(pages(40_000, 40_000, 40_000), 100_000)).toEqual([2, 1]);
  expect(parted(pages(10_000, 90_000, 10_000), 100_000)).toEqual([1, 1, 1]);
  expect(() => parted(pages(100_000), 100_000)).toThrow();
});
