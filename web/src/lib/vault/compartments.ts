// Keys of compartments: one for each epoch, wrapped for each reader and signed by the patient, so that nobody can slip in another.
import { type Bytes, concat, fromBase64, toBase64 } from "@/lib/bytes";
import { aesKey, context, SealError } from "./bytes";
import { unwrap, wrapFor } from "./hpke";
import type { OpenVault } from "./vault";

/** Whose key of what. `reader` is the id of a practitioner, or `patient`; `code` follows from the reader's public keys. */
export interface Place {
  patient: string;
  compartment: string;
  epoch: number;
  reader: string;
  code: string;
}

export interface Wrapped {
  wrap: string;
  signature: string;
}

const INFO = context("healthsync compartment key 1");
const about = ({ patient, compartment, epoch, reader, code }: Place): Bytes =>
  context("healthsync compartment key 1", patient, compartment, epoch, reader, code);

/** Wraps a key for a reader, in the patient's name. */
export async function wrapKey(vault: OpenVault, place: Place, readerKey: Bytes, key: Bytes): Promise<Wrapped> {
  const wrap = await wrapFor(readerKey, key, INFO, about(place));
  const signature = await crypto.subtle.sign({ name: "Ed25519" }, vault.sign, concat(about(place), wrap));
  return { wrap: toBase64(wrap), signature: toBase64(new Uint8Array(signature)) };
}

/** The key itself, if the patient signed it for exactly this place and reader. */
export async function unwrapKey(vault: OpenVault, place: Place, signKey: Bytes, wrapped: Wrapped): Promise<Bytes> {
  const wrap = fromBase64(wrapped.wrap);
  const key = await crypto.subtle.importKey("raw", signKey, { name: "Ed25519" }, false, ["verify"]);
  const signed = concat(about(place), wrap);
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, key, fromBase64(wrapped.signature), signed))) {
    throw new SealError("signature");
  }
  return unwrap(vault.box, wrap, INFO, about(place));
}

/** For use, and not to be read out again. */
export const compartmentKey = (raw: Bytes): Promise<CryptoKey> => aesKey(raw);
