// A sealed file: one byte for the suite, then pieces of 64 KiB, AES-256-GCM with a nonce that counts them and marks the last
// (STREAM). The last piece is filled up, so that only the number of pieces shows. Each file has a key of its own; its name and
// whatever else is said of it lie in its description.
import { type Bytes, concat, text, utf8 } from "@/lib/bytes";
import { body, context, derive, random, SealError, SUITE, seal, unseal } from "./bytes";

export const PIECE = 64 * 1024;
const TAG = 16;
const KEY_WRAP = 1 + 12 + 32 + TAG;
/** A description is filled up to a multiple of this, so that its length says little. */
const ROUND = 256;

/** Where a sealed document belongs. */
export interface FilePlace {
  patient: string;
  compartment: string;
  epoch: number;
  id: string;
}

export interface Description {
  name: string;
  title: string;
  type: string;
  /** The length of the file itself. */
  size: number;
  date?: string;
  tags?: string[];
}

const about = (what: string, { patient, compartment, epoch, id }: FilePlace): Bytes =>
  context(`healthsync sealed ${what} 1`, patient, compartment, epoch, id);
const NO_SALT: Bytes = new Uint8Array(32);
const keyFor = (fileKey: Bytes, what: "content" | "description") =>
  derive(fileKey, NO_SALT, `healthsync sealed ${what} 1`);

function nonce(index: number, last: boolean): Bytes {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setUint32(7, index);
  bytes[11] = last ? 1 : 0;
  return bytes;
}

export const newFileId = (): string => Array.from(random(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
export const newFileKey = (): Bytes => random(32);

/** What is said of a file, with the file's own key under that of the compartment. */
export async function sealDescription(
  compartment: CryptoKey,
  fileKey: Bytes,
  place: FilePlace,
  description: Description,
): Promise<Bytes> {
  const plain = utf8(JSON.stringify(description));
  const filled = new Uint8Array(Math.ceil(plain.length / ROUND) * ROUND).fill(0x20);
  filled.set(plain);
  const key = await keyFor(fileKey, "description");
  return concat(
    await seal(compartment, fileKey, about("key", place)),
    await seal(key, filled, about("description", place)),
  );
}

export async function openDescription(
  compartment: CryptoKey,
  place: FilePlace,
  detail: Bytes,
): Promise<{ fileKey: Bytes; description: Description }> {
  const fileKey = await unseal(compartment, detail.slice(0, KEY_WRAP), about("key", place));
  const plain = await unseal(await keyFor(fileKey, "description"), detail.slice(KEY_WRAP), about("description", place));
  try {
    const description = JSON.parse(text(plain)) as Description;
    if (typeof description.name !== "string" || !Number.isSafeInteger(description.size)) throw new SealError("damaged");
    return { fileKey, description };
  } catch {
    throw new SealError("damaged");
  }
}

export async function sealFile(fileKey: Bytes, place: FilePlace, plain: Bytes): Promise<Bytes> {
  const key = await keyFor(fileKey, "content");
  const additionalData = about("content", place);
  const count = Math.max(1, Math.ceil(plain.length / PIECE));
  const sealed = new Uint8Array(1 + count * (PIECE + TAG));
  sealed[0] = SUITE;
  for (let index = 0; index < count; index++) {
    const piece = new Uint8Array(PIECE);
    piece.set(plain.subarray(index * PIECE, (index + 1) * PIECE));
    const how = { name: "AES-GCM", iv: nonce(index, index === count - 1), additionalData };
    sealed.set(new Uint8Array(await crypto.subtle.encrypt(how, key, piece)), 1 + index * (PIECE + TAG));
  }
  return sealed;
}

export async function openFile(fileKey: Bytes, place: FilePlace, sealed: Bytes, size: number): Promise<Bytes> {
  const key = await keyFor(fileKey, "content");
  const additionalData = about("content", place);
  const rest = body(sealed);
  const count = rest.length / (PIECE + TAG);
  if (!Number.isInteger(count) || count < 1 || size < 0 || size > count * PIECE) throw new SealError("damaged");
  const plain = new Uint8Array(count * PIECE);
  for (let index = 0; index < count; index++) {
    const how = { name: "AES-GCM", iv: nonce(index, index === count - 1), additionalData };
    const piece = rest.slice(index * (PIECE + TAG), (index + 1) * (PIECE + TAG));
    try {
      plain.set(new Uint8Array(await crypto.subtle.decrypt(how, key, piece)), index * PIECE);
    } catch {
      throw new SealError("damaged");
    }
  }
  return plain.slice(0, size);
}
