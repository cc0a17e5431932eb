// A real ledger in memory: HMAC leaves, an RFC 6962 tree, a signed C2SP checkpoint.
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { iso } from "./chance.mjs";

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const tag = (n) => Buffer.from([n]);
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
const ORIGIN = "healthsync.local/ledger";

export const entries = [];
const leaves = [];
const own = new Map();

export function write(patient, time, act) {
  const patientSeq = own.get(patient) ?? 0;
  own.set(patient, patientSeq + 1);
  const seq = entries.length;
  const { actor, ground, ...rest } = { count: 1, ...act };
  const sealed = { ...rest, who: actor, ...(ground ? { ground: ground.replaceAll(" ", "-") } : {}) };
  const bytes = Buffer.from(JSON.stringify({ seq, patientSeq, time: iso(time), ...sealed }));
  const r = randomBytes(16);
  const leaf = createHmac("sha256", r).update(bytes).digest();
  leaves.push(leaf);
  entries.push({
    patient,
    seq,
    patientSeq,
    time: iso(time),
    purpose: null,
    grant: null,
    ground: null,
    what: null,
    count: 1,
    ...act,
    entry: bytes.toString("base64"),
    r: r.toString("base64"),
    leaf: leaf.toString("base64"),
  });
}

const split = (n) => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};
const root = (from, to) => {
  if (to - from === 0) return sha();
  if (to - from === 1) return sha(tag(0), leaves[from]);
  const k = split(to - from);
  return sha(tag(1), root(from, from + k), root(from + k, to));
};
const path = (m, from, to) => {
  if (to - from <= 1) return [];
  const k = split(to - from);
  return m < k
    ? [...path(m, from, from + k), root(from + k, to)]
    : [...path(m - k, from + k, to), root(from, from + k)];
};
const consistent = (m, from, to, whole) => {
  if (m === to - from) return whole ? [] : [root(from, to)];
  const k = split(to - from);
  return m <= k
    ? [...consistent(m, from, from + k, whole), root(from + k, to)]
    : [...consistent(m - k, from + k, to, false), root(from, from + k)];
};
const base64 = (hashes) => hashes.map((hash) => hash.toString("base64"));

export const inclusion = (seq, size) => ({ seq, size, hashes: base64(path(seq, 0, size)) });
export const consistency = (from, to) => ({ from, to, hashes: base64(consistent(from, 0, to, true)) });

export function checkpoint() {
  const size = leaves.length;
  const hash = root(0, size).toString("base64");
  const body = `${ORIGIN}\n${size}\n${hash}\n`;
  const keyHash = sha(ORIGIN, tag(0x0a), tag(1), raw).subarray(0, 4);
  const signature = Buffer.concat([keyHash, sign(null, Buffer.from(body), privateKey)]).toString("base64");
  return {
    text: `${body}\n\u2014 ${ORIGIN} ${signature}\n`,
    origin: ORIGIN,
    witnesses: [],
    cosigned: null,
    size,
    root: hash,
    publicKey: raw.toString("base64"),
  };
}
