import { describe, expect, it } from "vitest";
import { type Bytes, concat, toBase64, toHex, utf8 } from "./bytes";
import { checkCosignature, type Note, parseNote, parseVkey } from "./note";

const BODY = `clinic.example/log\n7\n${toBase64(new Uint8Array(32).fill(3))}\n`;

/** A witness with a key of its own, written as C2SP signed-note has it, and its line under a checkpoint. */
async function witness(name: string, time: bigint, body = BODY) {
  const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const kind = concat(new Uint8Array([4]), raw);
  const digest = await crypto.subtle.digest("SHA-256", concat(utf8(`${name}\n`), kind));
  const id = new Uint8Array(digest).slice(0, 4);
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, time);
  const text = utf8(`cosignature/v1\ntime ${time}\n${body}`);
  const signature = new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, text));
  const line = `\u2014 ${name} ${toBase64(concat(id, stamp, signature))}\n`;
  return { vkey: `${name}+${toHex(id)}+${toBase64(kind)}`, line };
}

const note = (line: string) => parseNote(`${BODY}\n${line}`) as Note;

describe("a witness", () => {
  it("is believed when its signature covers the time and the checkpoint", async () => {
    const one = await witness("one.example/w", 1_700_000_000n);
    const key = await parseVkey(one.vkey);
    expect(key?.name).toBe("one.example/w");
    expect(key && (await checkCosignature(note(one.line), key))).toBe("valid");
  });

  it("is not believed for another checkpoint, another key or another time", async () => {
    const one = await witness("one.example/w", 1_700_000_000n);
    const other = await witness("one.example/w", 1_700_000_000n);
    const elsewhere = await witness("one.example/w", 1_700_000_000n, BODY.replace("\n7\n", "\n8\n"));
    const key = await parseVkey(one.vkey);
    if (!key) throw new Error("the key cannot be read");
    expect(await checkCosignature(note(other.line), key)).toBe("invalid");
    const foreign = await parseVkey(elsewhere.vkey);
    expect(foreign && (await checkCosignature(note(elsewhere.line), foreign))).toBe("invalid");
    const late = note(one.line);
    for (const each of late.signatures) each.signature = concat(new Uint8Array(8), each.signature.slice(8)) as Bytes;
    expect(await checkCosignature(late, key)).toBe("invalid");
  });

  it("has a key that tells when it was mistyped", async () => {
    const { vkey } = await witness("one.example/w", 1n);
    expect(await parseVkey(vkey.replace("one", "two"))).toBeNull();
    expect(await parseVkey("nonsense")).toBeNull();
  });
});
