import { expect, test } from "vitest";
import {
  area,
  type Corners,
  findPaper,
  isConvex,
  moved,
  projection,
  sizeOf,
  straighten,
  turned,
  WHOLE,
} from "./corners";

const lying: Corners = [
  { x: 0.2, y: 0.1 },
  { x: 0.85, y: 0.2 },
  { x: 0.8, y: 0.9 },
  { x: 0.15, y: 0.8 },
];

/** Which side of each edge a place is on says whether it lies on the paper. */
const inside = (corners: Corners, x: number, y: number) =>
  corners.every((corner, i) => {
    const next = corners[(i + 1) % 4] ?? corner;
    return (next.x - corner.x) * (y - corner.y) - (next.y - corner.y) * (x - corner.x) >= 0;
  });

function photograph(width: number, height: number, light: (x: number, y: number) => number) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.fill(light((x + 0.5) / width, (y + 0.5) / height), (y * width + x) * 4, (y * width + x) * 4 + 4);
  return { width, height, data };
}

test("the corners of the square are projected onto the corners of the paper", () => {
  const place = projection(lying);
  const found = [place(0, 0), place(1, 0), place(1, 1), place(0, 1)];
  found.forEach((point, i) => {
    expect(point.x).toBeCloseTo(lying[i]?.x ?? 0, 9);
    expect(point.y).toBeCloseTo(lying[i]?.y ?? 0, 9);
  });
  expect(projection(WHOLE)(0.3, 0.7)).toEqual({ x: 0.3, y: 0.7 });
});

test("a bright sheet on a dark table is found, and print on it does not matter", () => {
  const picture = photograph(160, 200, (x, y) => {
    if (!inside(lying, x, y)) return 40 + ((x * 97) % 20);
    return Math.sin(y * 90) > 0.9 && x > 0.4 && x < 0.6 ? 30 : 225;
  });
  const found = findPaper(picture);
  expect(found).not.toBeNull();
  found?.forEach((corner, i) => {
    expect(Math.abs(corner.x - (lying[i]?.x ?? 0))).toBeLessThan(0.03);
    expect(Math.abs(corner.y - (lying[i]?.y ?? 0))).toBeLessThan(0.03);
  });
});

test("where nothing looks like a sheet nothing is proposed", () => {
  expect(findPaper(photograph(100, 100, () => 200))).toBeNull();
  expect(findPaper(photograph(100, 100, (x, y) => (Math.hypot(x - 0.5, y - 0.5) < 0.15 ? 220 : 30)))).toBeNull();
});

test("the straight picture shows what lies between the corners and nothing of the table", () => {
  const picture = photograph(200, 200, (x, y) => (inside(lying, x, y) ? 240 : 10));
  const { width, height } = sizeOf(lying, 200, 200, 100);
  const sheet = { width, height, data: new Uint8ClampedArray(width * height * 4) };
  straighten(picture, lying, sheet);
  const middle = [...Array(height - 6).keys()].map((y) => sheet.data[((y + 3) * width + 3) * 4] ?? 0);
  expect(Math.min(...middle)).toBeGreaterThan(200);
  expect(Math.max(width, height)).toBeLessThanOrEqual(100);
});

test("corners stay in the picture, and a folded paper is noticed", () => {
  expect(moved(WHOLE, 2, 1.4, -0.2)[2]).toEqual({ x: 1, y: 0 });
  expect(isConvex(lying)).toBe(true);
  expect(isConvex(moved(lying, 0, 0.9, 0.95))).toBe(false);
  expect(area(WHOLE)).toBe(1);
  expect(turned(turned(turned(turned(lying)))).map(({ x }) => x.toFixed(6))).toEqual(
    lying.map(({ x }) => x.toFixed(6)),
  );
});
