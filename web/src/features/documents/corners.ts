// Where a sheet of paper lies in a photograph, and the arithmetic that makes it straight.

export interface Point {
  x: number;
  y: number;
}
/** Top left, top right, bottom right, bottom left; in parts of the picture's width and height. */
export type Corners = [Point, Point, Point, Point];

export const WHOLE: Corners = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

const clamp = (part: number) => Math.min(Math.max(part, 0), 1);

export const moved = (corners: Corners, at: number, x: number, y: number): Corners =>
  corners.map((corner, i) => (i === at ? { x: clamp(x), y: clamp(y) } : corner)) as Corners;

/** The same corners after the picture was turned to the right by a quarter. */
export function turned([a, b, c, d]: Corners): Corners {
  const turn = ({ x, y }: Point): Point => ({ x: 1 - y, y: x });
  return [turn(d), turn(a), turn(b), turn(c)];
}

/** Whether the four corners go around something: one that is dragged over another would fold the paper. */
export function isConvex(corners: Corners): boolean {
  return corners.every((corner, i) => {
    const next = corners[(i + 1) % 4] as Point;
    const after = corners[(i + 2) % 4] as Point;
    return (next.x - corner.x) * (after.y - next.y) - (next.y - corner.y) * (after.x - next.x) > 1e-4;
  });
}

export function area(corners: Corners): number {
  return Math.abs(
    corners.reduce((sum, corner, i) => {
      const next = corners[(i + 1) % 4] as Point;
      return sum + corner.x * next.y - next.x * corner.y;
    }, 0) / 2,
  );
}

const far = (a: Point, b: Point, width: number, height: number) =>
  Math.hypot((a.x - b.x) * width, (a.y - b.y) * height);

/** How large the straight picture becomes: as large as the longer of each two opposite edges, and no longer than `most`. */
export function sizeOf([a, b, c, d]: Corners, width: number, height: number, most: number) {
  const wide = Math.max(far(a, b, width, height), far(d, c, width, height));
  const high = Math.max(far(a, d, width, height), far(b, c, width, height));
  const scale = Math.min(1, most / Math.max(wide, high));
  return { width: Math.max(1, Math.round(wide * scale)), height: Math.max(1, Math.round(high * scale)) };
}

/** The projection of the unit square onto four corners (Heckbert, Fundamentals of Texture Mapping, 1989, section 2.2.3). */
export function projection([a, b, c, d]: Corners): (u: number, v: number) => Point {
  const [dx1, dx2, sx] = [b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x];
  const [dy1, dy2, sy] = [b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y];
  const whole = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / whole;
  const h = (dx1 * sy - sx * dy1) / whole;
  const [xu, xv] = [b.x - a.x + g * b.x, d.x - a.x + h * d.x];
  const [yu, yv] = [b.y - a.y + g * b.y, d.y - a.y + h * d.y];
  return (u, v) => {
    const w = g * u + h * v + 1;
    return { x: (xu * u + xv * v + a.x) / w, y: (yu * u + yv * v + a.y) / w };
  };
}

interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** The paper, straight: each pixel from the four around its place in the photograph. */
export function straighten(from: Pixels, corners: Corners, to: Pixels): void {
  const place = projection(corners);
  for (let y = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++) {
      const source = place((x + 0.5) / to.width, (y + 0.5) / to.height);
      sample(from, source.x * from.width - 0.5, source.y * from.height - 0.5, to.data, (y * to.width + x) * 4);
    }
  }
}

function sample({ width, height, data }: Pixels, x: number, y: number, out: Uint8ClampedArray, at: number): void {
  const left = Math.min(Math.max(Math.floor(x), 0), width - 1);
  const top = Math.min(Math.max(Math.floor(y), 0), height - 1);
  const right = Math.min(left + 1, width - 1);
  const low = Math.min(top + 1, height - 1);
  const [fx, fy] = [Math.min(Math.max(x - left, 0), 1), Math.min(Math.max(y - top, 0), 1)];
  for (let part = 0; part < 3; part++) {
    const value = (px: number, py: number) => data[(py * width + px) * 4 + part] ?? 0;
    const above = value(left, top) * (1 - fx) + value(right, top) * fx;
    const below = value(left, low) * (1 - fx) + value(right, low) * fx;
    out[at + part] = above * (1 - fy) + below * fy;
  }
  out[at + 3] = 255;
}

const LEAST = 0.15;
const MOST = 0.97;
/** A sheet fills the four corners that it reaches; a heap of bright things does not. */
const FILLED = 0.85;

/** Proposes where the paper is in a small picture: the largest bright part, if it has four corners. */
export function findPaper({ width, height, data }: Pixels): Corners | null {
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = ((data[i * 4] ?? 0) * 3 + (data[i * 4 + 1] ?? 0) * 6 + (data[i * 4 + 2] ?? 0)) / 10;
  }
  const limit = threshold(grey);
  const part = largest(grey, width, height, limit);
  if (part.length < grey.length * LEAST) return null;
  const best = (rank: (x: number, y: number) => number): Point => {
    let found = part[0] ?? 0;
    let most = Number.NEGATIVE_INFINITY;
    for (const at of part) {
      const value = rank(at % width, Math.floor(at / width));
      if (value > most) [most, found] = [value, at];
    }
    return { x: ((found % width) + 0.5) / width, y: (Math.floor(found / width) + 0.5) / height };
  };
  const corners: Corners = [
    best((x, y) => -x - y),
    best((x, y) => x - y),
    best((x, y) => x + y),
    best((x, y) => y - x),
  ];
  const size = area(corners);
  const sheet = size > LEAST && size < MOST && isConvex(corners) && part.length / (size * grey.length) > FILLED;
  return sheet ? corners : null;
}

/** The brightness that best parts the dark from the bright (Otsu, 1979). */
function threshold(grey: Uint8Array): number {
  const counts = new Array<number>(256).fill(0);
  for (const value of grey) counts[value] = (counts[value] ?? 0) + 1;
  const total = grey.length;
  const sum = counts.reduce((all, count, value) => all + count * value, 0);
  let [below, belowSum, best, limit] = [0, 0, -1, 127];
  for (let value = 0; value < 255; value++) {
    below += counts[value] ?? 0;
    belowSum += value * (counts[value] ?? 0);
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (belowSum / below - (sum - belowSum) / above) ** 2;
    if (between > best) [best, limit] = [between, value];
  }
  return limit;
}

/** The pixels of the largest connected part that is brighter than the limit. What is printed on a sheet does not part it. */
function largest(grey: Uint8Array, width: number, height: number, limit: number): number[] {
  const seen = new Uint8Array(grey.length);
  let found: number[] = [];
  for (let start = 0; start < grey.length; start++) {
    if (seen[start] || (grey[start] ?? 0) <= limit) continue;
    const part = [start];
    seen[start] = 1;
    for (let i = 0; i < part.length; i++) {
      const at = part[i] ?? 0;
      const x = at % width;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= width * height || seen[next] || (grey[next] ?? 0) <= limit) continue;
        seen[next] = 1;
        part.push(next);
      }
    }
    if (part.length > found.length) found = part;
  }
  return found;
}
