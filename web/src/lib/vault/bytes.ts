// What is sealed, byte by byte: each envelope begins with the suite it was made with, so that another can follow.
import { type Bytes, concat } from "@/lib/bytes";

/** AES-256-GCM, HKDF-SHA256, HPKE with X25519, Ed25519. */
export const SUITE = 1;
const NONCE = 12;

/** Why something sealed could not be opened or made. */
export type Trouble = "damaged" | "suite" | "signature" | "code" | "rollback" | "notLogged" | "noKey";

export class SealError extends Error {
  readonly why: Trouble;
  constructor(why: Trouble) {
    super(why);
    this.name = "SealError";
    this.why = why;
  }
}

export const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

export const aesKey = (raw: Bytes, extractable = false): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", extractable, ["encrypt", "decrypt"]);

/** A key for one purpose from a secret that has enough chance in it. */
export async function derive(secret: Bytes, salt: Bytes, info: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: new TextEncoder().encode(info) };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Takes the suite off an envelope. */
export function body(envelope: Bytes): Bytes {
  if (envelope[0] !== SUITE) throw new SealError("suite");
  return envelope.slice(1);
}

export async function seal(key: CryptoKey, plain: Bytes, context: Bytes): Promise<Bytes> {
  const iv = random(NONCE);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: context }, key, plain);
  return concat(new Uint8Array([SUITE]), iv, new Uint8Array(sealed));
}

export async function unseal(key: CryptoKey, envelope: Bytes, context: Bytes): Promise<Bytes> {
  const rest = body(envelope);
  try {
    const how = { name: "AES-GCM", iv: rest.slice(0, NONCE), additionalData: context };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, rest.slice(NONCE)));
  } catch {
    throw new SealError("damaged");
  }
}

/** What something is sealed for: nothing opens in another place. No part holds a line break. */
export const context = (...parts: (string | number)[]): Bytes =>
  new TextEncoder().encode(parts.map((part) => `${part}\n`).join("")) as Bytes;
