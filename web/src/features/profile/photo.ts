// Which part of a picture is kept, and how small it is made. The arithmetic is pure; the drawing is the browser's.

/** The side of the square that is kept, in pixels. */
export const SIDE = 480;
/** What the server takes. */
export const BYTES_MOST = 200_000;

export interface Crop {
  /** From 1 (the whole square) to 4. */
  zoom: number;
  /** Where the square's middle lies, 0 to 1 of the picture. */
  x: number;
  y: number;
}

export interface Square {
  left: number;
  top: number;
  side: number;
}

/** The square of a picture that a crop means; it never leaves the picture. */
export function squareOf(width: number, height: number, { zoom, x, y }: Crop): Square {
  const side = Math.min(width, height) / Math.min(Math.max(zoom, 1), 4);
  const within = (middle: number, length: number) => Math.min(Math.max(middle * length - side / 2, 0), length - side);
  return { left: within(x, width), top: within(y, height), side };
}

/** Draws the square as a small JPEG picture, in base64. A new picture carries nothing of what the camera wrote beside the old one. */
export async function small(image: ImageBitmap, crop: Crop): Promise<string> {
  const { left, top, side } = squareOf(image.width, image.height, crop);
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const draw = canvas.getContext("2d");
  if (!draw) throw new Error("no canvas");
  draw.fillStyle = "#fff";
  draw.fillRect(0, 0, SIDE, SIDE);
  draw.imageSmoothingQuality = "high";
  draw.drawImage(image, left, top, side, side, 0, 0, SIDE, SIDE);
  for (const quality of [0.85, 0.7, 0.5, 0.3]) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= BYTES_MOST) return base64(new Uint8Array(await blob.arrayBuffer()));
  }
  throw new Error("too large");
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
