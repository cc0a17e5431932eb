// Somebody's vault: made, opened and given further ways in, all in this browser. The private keys of an open vault are keys that
// scripts can use and cannot read out.
import { type Bytes, concat, fromBase64, toBase64 } from "@/lib/bytes";
import { aesKey, context, derive, random, SealError, seal, unseal } from "./bytes";
import { newRecoveryCode, recoverySecret, vaultCode } from "./codes";
import { boxPublic } from "./hpke";

/** As it is kept by the server. */
export interface KeptVault {
  boxKey: string;
  signKey: string;
  salt: string;
  keys: string;
}

export interface OpenVault {
  /** The key that everything else is under. It can be read out, because each new way in wraps it. */
  account: CryptoKey;
  box: CryptoKeyPair;
  sign: CryptoKey;
  boxKey: Bytes;
  signKey: Bytes;
  salt: Bytes;
  code: string;
}

export type WayKind = "passkey" | "recovery";

/** Of each of both private keys, as PKCS #8 has them (RFC 8410). */
const PKCS8 = 48;

const about = (boxKey: Bytes, signKey: Bytes) => context("healthsync vault 1", toBase64(boxKey), toBase64(signKey));
const wayKey = (secret: Bytes, salt: Bytes, kind: WayKind) => derive(secret, salt, `healthsync vault way 1 ${kind}`);

async function raw(key: CryptoKey): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
}

/** The account key under a secret: a way in. */
export async function makeWay(vault: OpenVault, kind: WayKind, secret: Bytes): Promise<string> {
  const key = await wayKey(secret, vault.salt, kind);
  return toBase64(await seal(key, await raw(vault.account), about(vault.boxKey, vault.signKey)));
}

/** The account key as it goes to another device or to guardians. */
export const accountKey = (vault: OpenVault): Promise<Bytes> => raw(vault.account);

/** A new vault and its recovery code, which is kept nowhere. */
export async function makeVault(): Promise<{
  kept: KeptVault;
  vault: OpenVault;
  recovery: { code: string; wrap: string };
}> {
  const box = (await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"])) as CryptoKeyPair;
  const sign = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  const [boxKey, signKey, salt] = [await raw(box.publicKey), await raw(sign.publicKey), random(32)];
  const accountRaw = random(32);
  const account = await aesKey(accountRaw, true);
  const secret = async (key: CryptoKey) => new Uint8Array(await crypto.subtle.exportKey("pkcs8", key));
  const both = concat(await secret(box.privateKey), await secret(sign.privateKey));
  const keys = toBase64(await seal(account, both, about(boxKey, signKey)));
  const kept = { boxKey: toBase64(boxKey), signKey: toBase64(signKey), salt: toBase64(salt), keys };
  const vault = await openWith(kept, accountRaw);
  const code = newRecoveryCode();
  return { kept, vault, recovery: { code, wrap: await makeWay(vault, "recovery", recoverySecret(code)) } };
}

/** Opens a vault by the account key itself: what guardians or another device gave. */
export async function openWith(kept: KeptVault, accountRaw: Bytes): Promise<OpenVault> {
  const [boxKey, signKey, salt] = [fromBase64(kept.boxKey), fromBase64(kept.signKey), fromBase64(kept.salt)];
  const account = await aesKey(accountRaw, true);
  const both = await unseal(account, fromBase64(kept.keys), about(boxKey, signKey));
  if (both.length !== 2 * PKCS8) throw new SealError("damaged");
  const { subtle } = crypto;
  const privateKey = await subtle.importKey("pkcs8", both.slice(0, PKCS8), { name: "X25519" }, false, ["deriveBits"]);
  const sign = await subtle.importKey("pkcs8", both.slice(PKCS8), { name: "Ed25519" }, false, ["sign"]);
  const box = { privateKey, publicKey: await boxPublic(boxKey) };
  return { account, box, sign, boxKey, signKey, salt, code: await vaultCode(boxKey, signKey) };
}

/** Opens a vault by one of its ways. */
export async function openBy(kept: KeptVault, kind: WayKind, secret: Bytes, wrap: string): Promise<OpenVault> {
  const key = await wayKey(secret, fromBase64(kept.salt), kind);
  return openWith(kept, await unseal(key, fromBase64(wrap), about(fromBase64(kept.boxKey), fromBase64(kept.signKey))));
}
