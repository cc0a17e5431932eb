// What may be sealed: the server never looks into it, so that this browser does, by the first bytes.

/** Why a file is not sealed. */
export type Unfit = "empty" | "unknown-type" | "damaged";

/** How many of a file's first bytes are looked at. */
export const LOOKED = 4096;

const starts = (bytes: Uint8Array, ...signs: number[]): boolean => signs.every((sign, i) => bytes[i] === sign);
const text = (sign: string): number[] => [...sign].map((letter) => letter.charCodeAt(0));

const isText = (bytes: Uint8Array): boolean => {
  try {
    // The end may be in the middle of a letter.
    return !new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true }).includes("\0");
  } catch {
    return !bytes.includes(0);
  }
};

const SIGNS: Record<string, (bytes: Uint8Array) => boolean> = {
  pdf: (bytes) => starts(bytes, ...text("%PDF-")),
  jpg: (bytes) => starts(bytes, 0xff, 0xd8, 0xff),
  png: (bytes) => starts(bytes, 0x89, ...text("PNG")),
  tif: (bytes) => starts(bytes, ...text("II*\0")) || starts(bytes, ...text("MM\0*")),
  heic: (bytes) => starts(bytes.subarray(4), ...text("ftyp")),
  doc: (bytes) => starts(bytes, 0xd0, 0xcf, 0x11, 0xe0),
  docx: (bytes) => starts(bytes, ...text("PK\x03\x04")),
  rtf: (bytes) => starts(bytes, ...text("{\\rtf")),
  txt: isText,
};
const SAME: Record<string, string> = { jpeg: "jpg", tiff: "tif" };

/** Whether a file is what its ending says, and of a kind that is taken in elsewhere too. */
export function unfit(name: string, bytes: Uint8Array): Unfit | null {
  if (bytes.length === 0) return "empty";
  const ending = name.split(".").pop()?.toLowerCase() ?? "";
  const fits = SIGNS[SAME[ending] ?? ending];
  if (!fits) return "unknown-type";
  return fits(bytes) ? null : "damaged";
}
