// Codes that people read, type and tell each other: Crockford's base 32, which has no letter that is mistaken for a digit.
import { type Bytes, concat, utf8 } from "@/lib/bytes";
import { random, SealError } from "./bytes";

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 130 bits. */
const RECOVERY = 26;
/** 80 bits of a hash. */
const SHORT = 16;

/** As somebody typed it: in any case, with spaces or hyphens, with O for 0 and I or L for 1. Null when it cannot be one. */
function read(text: string, length: number): string | null {
  const letters = text.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return letters.length === length && [...letters].every((letter) => LETTERS.includes(letter)) ? letters : null;
}

export const readShort = (text: string): string | null => read(text, SHORT);

/** In groups, for people. */
export const grouped = (code: string, size = 4): string =>
  code.match(new RegExp(`.{1,${size}}`, "g"))?.join(" ") ?? code;

export function newRecoveryCode(): string {
  // 32 letters divide 256, so that none is likelier than another.
  return Array.from(random(RECOVERY), (byte) => LETTERS[byte % 32]).join("");
}

/** The secret that a recovery code stands for. */
export function recoverySecret(typed: string): Bytes {
  const code = read(typed, RECOVERY);
  if (!code) throw new SealError("code");
  return utf8(code);
}

async function shortCode(...parts: Uint8Array[]): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
  let bits = 0n;
  for (const byte of hash.slice(0, 10)) bits = (bits << 8n) | BigInt(byte);
  let code = "";
  for (let i = 0; i < SHORT; i++) {
    code = LETTERS[Number(bits & 31n)] + code;
    bits >>= 5n;
  }
  return code;
}

/** What follows from somebody's public keys. */
export const vaultCode = (boxKey: Bytes, signKey: Bytes): Promise<string> =>
  shortCode(utf8("healthsync keys 1\n"), boxKey, signKey);

/** The whole of it, as the ledger has it. */
export async function fingerprint(boxKey: Bytes, signKey: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(utf8("healthsync keys 1\n"), boxKey, signKey)));
}

/** What follows from the public key of a device that asks to be let in. Sixteen letters: to find another key with the same code
 * takes as long as to break a cipher of 80 bits, so nobody in between can put theirs in its place. */
export const deviceCode = (publicKey: Bytes): Promise<string> => shortCode(utf8("healthsync device 1\n"), publicKey);
