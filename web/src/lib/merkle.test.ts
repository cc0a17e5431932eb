// Vectors come from a second implementation: the recursive definitions of RFC 6962 section 2.1, on Node's own crypto.
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Bytes, fromBase64, toBase64, toHex } from "./bytes";
import { extendsTree, includes, leafHash, sealEntry } from "./merkle";
import { checkSignature, parseNote } from "./note";

const sha = (...parts: Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest()) as Bytes;
};
const tag = (n: number) => new Uint8Array([n]);

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function rootOf(leaves: Bytes[]): Bytes {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(tag(0), leaves[0] as Bytes);
  const k = split(leaves.length);
  return sha(tag(1), rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

function pathOf(m: number, leaves: Bytes[]): Bytes[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...pathOf(m, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...pathOf(m - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}

function consistencyOf(m: number, leaves: Bytes[], whole: boolean): Bytes[] {
  if (m === leaves.length) return whole ? [] : [rootOf(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...consistencyOf(m, leaves.slice(0, k), whole), rootOf(leaves.slice(k))]
    : [...consistencyOf(m - k, leaves.slice(k), false), rootOf(leaves.slice(0, k))];
}

const leaves = Array.from({ length: 40 }, (_, i) => sha(new TextEncoder().encode(`leaf ${i}`)));

describe("inclusion", () => {
  it("accepts the proof of every leaf in every tree of up to forty leaves", async () => {
    for (let size = 1; size <= leaves.length; size++) {
      const tree = leaves.slice(0, size);
      for (let index = 0; index < size; index++) {
        const leaf = await leafHash(tree[index] as Bytes);
        expect(await includes(leaf, index, size, pathOf(index, tree), rootOf(tree))).toBe(true);
      }
    }
  });

  it("refuses another leaf, another place, a shorter and a longer proof", async () => {
    const tree = leaves.slice(0, 13);
    const proof = pathOf(5, tree);
    const root = rootOf(tree);
    const leaf = await leafHash(tree[5] as Bytes);
    expect(await includes(await leafHash(tree[6] as Bytes), 5, 13, proof, root)).toBe(false);
    expect(await includes(leaf, 4, 13, proof, root)).toBe(false);
    expect(await includes(leaf, 5, 13, proof.slice(1), root)).toBe(false);
    expect(await includes(leaf, 5, 13, [...proof, root], root)).toBe(false);
    expect(await includes(leaf, 13, 13, proof, root)).toBe(false);
  });
});

describe("consistency", () => {
  it("accepts that every tree continues every earlier one", async () => {
    for (let to = 1; to <= 24; to++) {
      for (let from = 1; from <= to; from++) {
        const tree = leaves.slice(0, to);
        const proof = from === to ? [] : consistencyOf(from, tree, true);
        expect(await extendsTree(from, rootOf(tree.slice(0, from)), to, rootOf(tree), proof)).toBe(true);
      }
    }
  });

  it("refuses a tree whose past was changed", async () => {
    const past = leaves.slice(0, 9);
    const rewritten = [...leaves.slice(0, 3), sha(tag(9)), ...leaves.slice(4, 20)];
    const proof = consistencyOf(9, rewritten, true);
    expect(await extendsTree(9, rootOf(past), 20, rootOf(rewritten), proof)).toBe(false);
    expect(await extendsTree(20, rootOf(leaves.slice(0, 20)), 9, rootOf(past), [])).toBe(false);
  });
});

describe("sealed entries", () => {
  it("computes the same HMAC as Node does", async () => {
    const r = new Uint8Array(randomBytes(16)) as Bytes;
    const entry = new TextEncoder().encode('{"action":"read"}') as Bytes;
    expect(toHex(await sealEntry(r, entry))).toBe(createHmac("sha256", r).update(entry).digest("hex"));
  });

  it("starts from the hash of an empty leaf given in RFC 6962", async () => {
    expect(toHex(await leafHash(new Uint8Array()))).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
  });
});

describe("signed checkpoints", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32)) as Bytes;
  const origin = "ledger.example/log";
  const body = `${origin}\n13\n${toBase64(rootOf(leaves.slice(0, 13)))}\n`;
  const key = sha(new TextEncoder().encode(origin), tag(0x0a), tag(1), raw).slice(0, 4);
  const signature = sign(null, Buffer.from(body), privateKey);
  const text = `${body}\n\u2014 ${origin} ${Buffer.concat([key, signature]).toString("base64")}\n`;

  it("reads the size and the root", () => {
    const note = parseNote(text);
    expect(note?.checkpoint.size).toBe(13);
    expect(toBase64(note?.checkpoint.root ?? tag(0))).toBe(body.split("\n")[2]);
  });

  it("accepts a good signature and refuses a changed size, another key and another origin", async () => {
    const note = parseNote(text);
    const changed = parseNote(text.replace("\n13\n", "\n14\n"));
    if (!note || !changed) throw new Error("both notes are well formed");
    expect(await checkSignature(note, origin, raw)).toBe("valid");
    expect(await checkSignature(changed, origin, raw)).toBe("invalid");
    expect(await checkSignature(note, origin, fromBase64(toBase64(randomBytes(32))))).toBe("invalid");
    expect(await checkSignature(note, "somewhere.else/log", raw)).toBe("invalid");
  });

  it("refuses notes that are not checkpoints", () => {
    for (const bad of ["", "a\nb\n", text.replace("\n13\n", "\n013\n"), text.replace("\u2014", "-")]) {
      expect(parseNote(bad)).toBeNull();
    }
  });
});
