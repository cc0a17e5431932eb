// HPKE (RFC 9180) in base mode: X25519, HKDF-SHA256, AES-256-GCM.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type Bytes, concat } from "@/lib/bytes";
import { body, SealError, SUITE } from "./bytes";

const ENC = 32;
const suite = () => new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

export const boxPublic = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", raw, { name: "X25519" }, true, []);

/** Wraps something for whoever has the private key. `info` says what for, `about` binds it to its place. */
export async function wrapFor(publicKey: Bytes, plain: Bytes, info: Bytes, about: Bytes): Promise<Bytes> {
  const recipientPublicKey = await boxPublic(publicKey);
  const { enc, ct } = await suite().seal({ recipientPublicKey, info }, plain, about);
  return concat(new Uint8Array([SUITE]), new Uint8Array(enc), new Uint8Array(ct));
}

export async function unwrap(recipientKey: CryptoKeyPair, wrap: Bytes, info: Bytes, about: Bytes): Promise<Bytes> {
  const rest = body(wrap);
  try {
    const opened = await suite().open({ recipientKey, enc: rest.slice(0, ENC), info }, rest.slice(ENC), about);
    return new Uint8Array(opened);
  } catch {
    throw new SealError("damaged");
  }
}
