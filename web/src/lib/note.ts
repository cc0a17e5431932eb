// Reads and checks a signed checkpoint (C2SP signed-note and tlog-checkpoint).

import { type Bytes, concat, equal, fromBase64, toHex, utf8 } from "./bytes";

export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
}

export interface Note {
  checkpoint: Checkpoint;
  signed: Bytes;
  signatures: { name: string; key: Bytes; signature: Bytes }[];
}

export type SignatureState = "valid" | "invalid" | "unsupported";

export function parseNote(text: string): Note | null {
  const end = text.lastIndexOf("\n\n");
  if (end < 0) return null;
  const body = text.slice(0, end + 1);
  const [origin, size, root] = body.split("\n");
  if (!origin || !size || !root || !/^(0|[1-9]\d*)$/.test(size)) return null;
  try {
    const signatures = text
      .slice(end + 2)
      .split("\n")
      .filter((line) => line !== "")
      .map(parseSignature);
    const hash = fromBase64(root);
    if (signatures.length === 0 || hash.length !== 32 || !Number.isSafeInteger(Number(size))) return null;
    return { checkpoint: { origin, size: Number(size), root: hash }, signed: utf8(body), signatures };
  } catch {
    return null;
  }
}

function parseSignature(line: string): Note["signatures"][number] {
  const parts = /^\u2014 (\S+) (\S+)$/.exec(line);
  if (!parts?.[1] || !parts[2]) throw new Error("not a signature line");
  const bytes = fromBase64(parts[2]);
  if (bytes.length < 5) throw new Error("a signature too short to hold a key hash");
  return { name: parts[1], key: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** The four bytes that say which key made a signature: SHA-256(name, newline, algorithm 1 for Ed25519, public key). */
export async function keyHash(name: string, publicKey: Bytes): Promise<Bytes> {
  const whole = concat(utf8(name), new Uint8Array([0x0a, 0x01]), publicKey);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole)).slice(0, 4);
}

export interface Vkey {
  name: string;
  id: Bytes;
  key: Bytes;
}

/** A witness's public key as C2SP signed-note writes it: name+number+base64, with 4 for co-signatures before the key. */
export async function parseVkey(text: string): Promise<Vkey | null> {
  const [name, number, ...rest] = text.split("+");
  try {
    const bytes = fromBase64(rest.join("+"));
    if (!name || bytes.length !== 33 || bytes[0] !== 4) return null;
    const whole = concat(utf8(name), new Uint8Array([0x0a]), bytes);
    const id = new Uint8Array(await crypto.subtle.digest("SHA-256", whole)).slice(0, 4);
    return toHex(id) === number ? { name, id, key: bytes.slice(1) } : null;
  } catch {
    return null;
  }
}

/** Whether a witness co-signed the note (C2SP tlog-cosignature, cosignature/v1): a time and a signature over both. */
export async function checkCosignature(note: Note, witness: Vkey): Promise<SignatureState> {
  const line = note.signatures.find((each) => each.name === witness.name && equal(each.key, witness.id));
  if (line?.signature.length !== 72) return "invalid";
  const time = new DataView(line.signature.buffer, line.signature.byteOffset).getBigUint64(0);
  const signed = concat(utf8(`cosignature/v1\ntime ${time}\n`), note.signed);
  try {
    const key = await crypto.subtle.importKey("raw", witness.key, { name: "Ed25519" }, false, ["verify"]);
    const good = await crypto.subtle.verify({ name: "Ed25519" }, key, line.signature.slice(8), signed);
    return good ? "valid" : "invalid";
  } catch {
    return "unsupported";
  }
}

export async function checkSignature(note: Note, origin: string, publicKey: Bytes): Promise<SignatureState> {
  const wanted = await keyHash(origin, publicKey);
  const found = note.signatures.find((line) => line.name === origin && equal(line.key, wanted));
  if (!found || note.checkpoint.origin !== origin) return "invalid";
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return "unsupported";
  }
  return (await crypto.subtle.verify({ name: "Ed25519" }, key, found.signature, note.signed)) ? "valid" : "invalid";
}
