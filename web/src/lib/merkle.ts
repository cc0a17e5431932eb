// Checks the ledger's proofs in the browser (RFC 6962 section 2.1, in the wording of RFC 9162 section 2.1.3 and 2.1.4).
// Pure: nothing here fetches, and a proof that is too long, too short or wrong is refused.

import { type Bytes, concat, equal } from "./bytes";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

async function sha256(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

export const leafHash = (leaf: Uint8Array): Promise<Bytes> => sha256(LEAF, leaf);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(NODE, left, right);

/** The value kept in the tree for an entry. Keyed with a random value so that nobody can guess entries from the tree. */
export async function sealEntry(r: Bytes, entry: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", r, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, entry));
}

export interface Step {
  side: "left" | "right";
  hash: Bytes;
  result: Bytes;
}

/** Climbs from a leaf to the root and keeps every step, so that the page can show the arithmetic. Null: the proof has the wrong length. */
export async function climb(leaf: Bytes, index: number, size: number, proof: Bytes[]): Promise<Step[] | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  const steps: Step[] = [];
  for (const sibling of proof) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      steps.push({ side: "left", hash: sibling, result: hash });
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = await nodeHash(hash, sibling);
      steps.push({ side: "right", hash: sibling, result: hash });
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 ? steps : null;
}

export async function includes(
  leaf: Bytes,
  index: number,
  size: number,
  proof: Bytes[],
  root: Bytes,
): Promise<boolean> {
  const steps = await climb(leaf, index, size, proof);
  return steps !== null && equal(steps.at(-1)?.result ?? leaf, root);
}

/** True when the tree of `to` leaves continues the tree of `from` leaves: nothing was changed or removed in between. */
export async function extendsTree(
  from: number,
  oldRoot: Bytes,
  to: number,
  newRoot: Bytes,
  proof: Bytes[],
): Promise<boolean> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return false;
  if (from === to) return proof.length === 0 && equal(oldRoot, newRoot);
  // Every tree continues the empty one; there is nothing to prove.
  if (from === 0) return proof.length === 0;
  const path = isPowerOfTwo(from) ? [oldRoot, ...proof] : [...proof];
  const first = path.shift();
  if (!first) return false;
  let node = from - 1;
  let last = to - 1;
  while (node % 2 === 1) {
    node = half(node);
    last = half(last);
  }
  let before = first;
  let after = first;
  for (const hash of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      before = await nodeHash(hash, before);
      after = await nodeHash(hash, after);
      while (node % 2 === 0 && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      after = await nodeHash(after, hash);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equal(before, oldRoot) && equal(after, newRoot);
}

// Positions may outgrow 32 bits one day, so no bit operators.
const half = (n: number): number => Math.floor(n / 2);

function isPowerOfTwo(n: number): boolean {
  let rest = n;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
