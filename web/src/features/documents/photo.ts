// Photographs of papers, in the memory of this page only.
import { type Corners, findPaper, isConvex, sizeOf, straighten, turned, WHOLE } from "./corners";
import { packed, parted } from "./fit";
import { pdfOf, type Sheet } from "./pdf";

/** The longest edge that is kept: enough for 200 dots per inch on A4. */
const LONGEST = 2_400;
/** Of the small picture in which the paper is looked for. */
const SMALL = 220;

export interface Photo {
  id: number;
  /** As it was taken. */
  picture: HTMLCanvasElement;
  corners: Corners;
  /** What is shown and kept: cut and straight. */
  cut: HTMLCanvasElement;
}

let nextId = 1;

export function canvasOf(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function drawn(source: CanvasImageSource, width: number, height: number, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = canvasOf(Math.round(width * scale), Math.round(height * scale));
  pen(canvas).drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function pen(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const found = canvas.getContext("2d", { willReadFrequently: true });
  if (!found) throw new Error("no canvas");
  return found;
}

/** What the camera sees now. */
export const fromVideo = (video: HTMLVideoElement): Photo =>
  photoOf(drawn(video, video.videoWidth, video.videoHeight, LONGEST));

/** A photograph that was taken elsewhere, upright as its own notes say. */
export async function fromFile(file: Blob): Promise<Photo> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    return photoOf(drawn(picture, picture.width, picture.height, LONGEST));
  } finally {
    picture.close();
  }
}

function photoOf(picture: HTMLCanvasElement): Photo {
  return cutBy({ id: nextId++, picture, corners: WHOLE, cut: picture }, propose(picture) ?? WHOLE);
}

/** Where the paper seems to lie. */
export function propose(picture: HTMLCanvasElement): Corners | null {
  const small = drawn(picture, picture.width, picture.height, SMALL);
  return findPaper(pen(small).getImageData(0, 0, small.width, small.height));
}

export function cutBy(photo: Photo, corners: Corners): Photo {
  const { picture } = photo;
  if (corners === WHOLE || !isConvex(corners)) return { ...photo, corners: WHOLE, cut: picture };
  const { width, height } = sizeOf(corners, picture.width, picture.height, LONGEST);
  const cut = canvasOf(width, height);
  const to = pen(cut).createImageData(width, height);
  straighten(pen(picture).getImageData(0, 0, picture.width, picture.height), corners, to);
  pen(cut).putImageData(to, 0, 0);
  return { ...photo, corners, cut };
}

/** A quarter to the right. */
export function turn(photo: Photo): Photo {
  const { picture, corners } = photo;
  const canvas = canvasOf(picture.height, picture.width);
  const to = pen(canvas);
  to.translate(canvas.width, 0);
  to.rotate(Math.PI / 2);
  to.drawImage(picture, 0, 0);
  return cutBy({ ...photo, picture: canvas }, corners === WHOLE ? WHOLE : turned(corners));
}

/** All of them as the pages of one PDF, or of several where one would be larger than `most` bytes. */
export async function documentsOf(photos: Photo[], most: number): Promise<Blob[]> {
  const jpeg = async ({ cut }: Photo, quality: number): Promise<Uint8Array> => {
    const blob = await new Promise<Blob | null>((resolve) => cut.toBlob(resolve, "image/jpeg", quality));
    if (!blob) throw new Error("no picture");
    return new Uint8Array(await blob.arrayBuffer());
  };
  const pages = await packed(async (quality) => {
    const all: Uint8Array[] = [];
    for (const photo of photos) all.push(await jpeg(photo, quality));
    return all;
  }, most);
  const sheets = pages.map((page, i): Sheet => {
    const { width, height } = photos[i]?.cut ?? { width: 1, height: 1 };
    return { jpeg: page, width, height };
  });
  let from = 0;
  return parted(pages, most).map((count) => {
    from += count;
    return new Blob([pdfOf(sheets.slice(from - count, from))], { type: "application/pdf" });
  });
}
