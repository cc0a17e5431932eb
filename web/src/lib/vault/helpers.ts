// The account key on its way to a new device: from another device, or in shares from guardians. Two of three shares make it.
import { combine, split } from "shamir-secret-sharing";
import { type Bytes, concat, fromBase64, text, toBase64, utf8 } from "@/lib/bytes";
import { context } from "./bytes";
import { deviceCode } from "./codes";
import { unwrap, wrapFor } from "./hpke";
import { accountKey, type OpenVault } from "./vault";

const CODE = 16;
const SHARE = context("healthsync guardian share 1");
const DEVICE = context("healthsync device 1");

/** A key pair of a device that asks: its private key can be used, kept and not read out. */
export async function newDeviceKeys(): Promise<{ pair: CryptoKeyPair; publicKey: Bytes }> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  return { pair, publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

/** For each guardian, in their order, what only they can open: whose share it is, and the share. */
export async function makeShares(
  vault: OpenVault,
  guardians: { code: string; boxKey: Bytes }[],
): Promise<{ code: string; wrap: string }[]> {
  const shares = await split(await accountKey(vault), guardians.length, 2);
  return Promise.all(
    guardians.map(async ({ code, boxKey }, i) => {
      const plain = concat(utf8(vault.code), shares[i] ?? new Uint8Array());
      return {
        code,
        wrap: toBase64(await wrapFor(boxKey, plain, SHARE, context("healthsync guardian share 1", code))),
      };
    }),
  );
}

const forDevice = async (publicKey: Bytes) => context("healthsync device 1", await deviceCode(publicKey));

/** A guardian's share, opened and wrapped for the device. */
export async function passShare(guardian: OpenVault, share: string, publicKey: Bytes): Promise<string> {
  const about = context("healthsync guardian share 1", guardian.code);
  const plain = await unwrap(guardian.box, fromBase64(share), SHARE, about);
  return toBase64(await wrapFor(publicKey, plain, DEVICE, await forDevice(publicKey)));
}

/** The account key, wrapped for another device of the same person. */
export async function passKey(vault: OpenVault, publicKey: Bytes): Promise<string> {
  return toBase64(await wrapFor(publicKey, await accountKey(vault), DEVICE, await forDevice(publicKey)));
}

const receive = async (pair: CryptoKeyPair, publicKey: Bytes, wrap: string) =>
  unwrap(pair, fromBase64(wrap), DEVICE, await forDevice(publicKey));

/** The account key that another device gave. */
export const receiveKey = receive;

/** The account keys that two guardians' shares each make, the first answers first. An answer that does not open is passed over;
 * which key is the right one is seen when it opens the vault. */
export async function receiveShares(
  pair: CryptoKeyPair,
  publicKey: Bytes,
  wraps: string[],
  code: string,
): Promise<Bytes[]> {
  const answers = await Promise.allSettled(wraps.map((wrap) => receive(pair, publicKey, wrap)));
  const opened = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const own = opened.filter((plain) => text(plain.slice(0, CODE)) === code).map((plain) => plain.slice(CODE));
  const pairs = own.flatMap((one, i) => own.slice(i + 1).map((other) => [one, other] as const));
  const made = await Promise.allSettled(pairs.map((shares) => combine([...shares])));
  return made.flatMap((each) => (each.status === "fulfilled" ? [new Uint8Array(each.value)] : []));
}
