import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { describe, expect, test } from "vitest";
import { type Bytes, fromBase64, toBase64, toHex, utf8 } from "../bytes";
import { aesKey, context, random, SealError, seal, unseal } from "./bytes";
import { deviceCode, grouped, newRecoveryCode, readShort, recoverySecret, vaultCode } from "./codes";
import { compartmentKey, type Place, unwrapKey, wrapKey } from "./compartments";
import { newFileId, newFileKey, openDescription, openFile, PIECE, sealDescription, sealFile } from "./files";
import { makeShares, newDeviceKeys, passKey, passShare, receiveKey, receiveShares } from "./helpers";
import { unwrap, wrapFor } from "./hpke";
import { makeVault, makeWay, openBy, openWith } from "./vault";

const hex = (text: string): Bytes => new Uint8Array((text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
const why = (work: Promise<unknown>) =>
  work.then(
    () => "opened",
    (error) => (error instanceof SealError ? error.why : String(error)),
  );
/** The same bytes with one bit changed. */
function spoilt(bytes: Bytes, at: number): Bytes {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
const spoiltText = (text: string, at: number) => toBase64(spoilt(fromBase64(text), at));

describe("HPKE", () => {
  test("opens what RFC 9180 gives in A.1.1", async () => {
    const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
    const secret = hex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
    const recipientKey = await suite.kem.importKey("raw", secret.buffer, false);
    const opened = await suite.open(
      {
        recipientKey,
        enc: hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
        info: hex("4f6465206f6e2061204772656369616e2055726e"),
      },
      hex("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"),
      hex("436f756e742d30"),
    );
    expect(new TextDecoder().decode(opened)).toBe("Beauty is truth, truth beauty");
  });

  test("opens for the one it was wrapped for, in its place, and when no byte was changed", async () => {
    const [one, other] = [await newDeviceKeys(), await newDeviceKeys()];
    const [info, about] = [context("what"), context("where")];
    const wrap = await wrapFor(one.publicKey, utf8("key"), info, about);
    expect(await unwrap(one.pair, wrap, info, about)).toEqual(utf8("key"));
    expect(await why(unwrap(other.pair, wrap, info, about))).toBe("damaged");
    expect(await why(unwrap(one.pair, wrap, context("else"), about))).toBe("damaged");
    expect(await why(unwrap(one.pair, wrap, info, context("elsewhere")))).toBe("damaged");
    expect(await why(unwrap(one.pair, spoilt(wrap, 0), info, about))).toBe("suite");
    for (const at of [1, 32, 33, wrap.length - 1]) {
      expect(await why(unwrap(one.pair, spoilt(wrap, at), info, about))).toBe("damaged");
    }
  });
});

describe("codes", () => {
  test("a recovery code has 26 letters and survives how people write", () => {
    const code = newRecoveryCode();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(newRecoveryCode()).not.toBe(code);
    expect(recoverySecret(` ${grouped(code).toLowerCase()}`)).toEqual(utf8(code));
    expect(recoverySecret("oil0-OIL0 0000 0000 0000 0000 00")).toEqual(utf8("01100110000000000000000000"));
    for (const wrong of ["", code.slice(1), `${code}0`, `U${code.slice(1)}`]) {
      expect(() => recoverySecret(wrong)).toThrow(SealError);
    }
  });

  test("a short code follows from the keys as on the server", async () => {
    const code = await vaultCode(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    expect(await vaultCode(new Uint8Array(32).fill(2), new Uint8Array(32).fill(1))).not.toBe(code);
    expect(readShort(grouped(code))).toBe(code);
    expect(readShort("0123")).toBeNull();
  });
});

describe("a vault", () => {
  test("opens by its recovery code and by a passkey's secret, and by no other", async () => {
    const { kept, vault, recovery } = await makeVault();
    expect(vault.box.privateKey.extractable || vault.sign.extractable).toBe(false);
    const again = await openBy(kept, "recovery", recoverySecret(recovery.code), recovery.wrap);
    expect(again.code).toBe(vault.code);
    const secret = random(32);
    const way = await makeWay(again, "passkey", secret);
    expect((await openBy(kept, "passkey", secret, way)).code).toBe(vault.code);
    expect(await why(openBy(kept, "passkey", random(32), way))).toBe("damaged");
    expect(await why(openBy(kept, "recovery", secret, way))).toBe("damaged");
    expect(await why(openBy(kept, "recovery", recoverySecret(newRecoveryCode()), recovery.wrap))).toBe("damaged");
  });

  test("does not open with exchanged public keys, another salt, or a changed byte", async () => {
    const [{ kept, recovery }, other] = [await makeVault(), await makeVault()];
    const secret = recoverySecret(recovery.code);
    const open = (changed: Partial<typeof kept>, wrap = recovery.wrap) =>
      why(openBy({ ...kept, ...changed }, "recovery", secret, wrap));
    expect(await open({})).toBe("opened");
    expect(await open({ boxKey: other.kept.boxKey })).toBe("damaged");
    expect(await open({ signKey: other.kept.signKey })).toBe("damaged");
    expect(await open({ salt: other.kept.salt })).toBe("damaged");
    expect(await open({ keys: other.kept.keys })).toBe("damaged");
    for (const at of [1, 13, 60]) {
      expect(await open({ keys: spoiltText(kept.keys, at) })).toBe("damaged");
      expect(await open({}, spoiltText(recovery.wrap, at))).toBe("damaged");
    }
    expect(await open({}, spoiltText(recovery.wrap, 0))).toBe("suite");
  });
});

describe("the key of a compartment", () => {
  const setUp = async () => {
    const [patient, doctor] = [(await makeVault()).vault, (await makeVault()).vault];
    const place: Place = { patient: "p1", compartment: "general", epoch: 1, reader: "d1", code: doctor.code };
    const key = random(32);
    return { patient, doctor, place, key, wrapped: await wrapKey(patient, place, doctor.boxKey, key) };
  };

  test("opens for its reader, in its compartment and epoch", async () => {
    const { patient, doctor, place, key, wrapped } = await setUp();
    expect(await unwrapKey(doctor, place, patient.signKey, wrapped)).toEqual(key);
    for (const wrong of [{ epoch: 2 }, { compartment: "hiv" }, { patient: "p2" }, { reader: "d2" }, { code: "0" }]) {
      expect(await why(unwrapKey(doctor, { ...place, ...wrong }, patient.signKey, wrapped))).toBe("signature");
    }
    expect(await why(unwrapKey((await makeVault()).vault, place, patient.signKey, wrapped))).toBe("damaged");
  });

  test("that a server made up, exchanged or changed is refused", async () => {
    const { patient, doctor, place, key, wrapped } = await setUp();
    const forger = (await makeVault()).vault;
    const forged = await wrapKey(forger, place, doctor.boxKey, key);
    expect(await why(unwrapKey(doctor, place, patient.signKey, forged))).toBe("signature");
    const next = await wrapKey(patient, { ...place, epoch: 2 }, doctor.boxKey, random(32));
    expect(await why(unwrapKey(doctor, place, patient.signKey, next))).toBe("signature");
    expect(await why(unwrapKey(doctor, place, patient.signKey, { ...wrapped, wrap: next.wrap }))).toBe("signature");
    for (const at of [0, 1, 40, 80]) {
      const spoiltWrap = { ...wrapped, wrap: spoiltText(wrapped.wrap, at) };
      expect(await why(unwrapKey(doctor, place, patient.signKey, spoiltWrap))).toBe("signature");
    }
  });
});

describe("a sealed file", () => {
  const place = { patient: "p1", compartment: "general", epoch: 1, id: newFileId() };
  const described = { name: "letter.txt", title: "A letter", type: "text/plain", size: 3, tags: ["heart"] };

  // Seconds of arithmetic on a machine that does other things.
  test("comes back as it was, and shows its size in full pieces only", { timeout: 60_000 }, async () => {
    const key = newFileKey();
    for (const size of [0, 1, PIECE, PIECE + 1, 3 * PIECE - 7]) {
      const plain = random(Math.min(size, 60_000));
      const whole = new Uint8Array(size);
      whole.set(plain.subarray(0, size));
      const sealed = await sealFile(key, place, whole);
      expect((sealed.length - 1) % (PIECE + 16)).toBe(0);
      expect(await openFile(key, place, sealed, size)).toEqual(whole);
    }
  });

  test("does not open cut, reordered, moved or changed", async () => {
    const key = newFileKey();
    const size = 2 * PIECE + 5;
    const sealed = await sealFile(key, place, new Uint8Array(size).fill(7));
    const full = PIECE + 16;
    const open = (bytes: Bytes, where = place) => why(openFile(key, where, bytes, size - PIECE));
    expect(await open(sealed)).toBe("opened");
    expect(await open(sealed.slice(0, 1 + 2 * full))).toBe("damaged");
    expect(await open(sealed.slice(0, -1))).toBe("damaged");
    const swapped = sealed.slice();
    swapped.set(sealed.slice(1, 1 + full), 1 + full);
    swapped.set(sealed.slice(1 + full, 1 + 2 * full), 1);
    expect(await open(swapped)).toBe("damaged");
    expect(await open(spoilt(sealed, 0))).toBe("suite");
    for (const at of [1, full, full + 1, sealed.length - 1]) expect(await open(spoilt(sealed, at))).toBe("damaged");
    expect(await open(sealed, { ...place, id: newFileId() })).toBe("damaged");
    expect(await open(sealed, { ...place, epoch: 2 })).toBe("damaged");
    expect(await why(openFile(newFileKey(), place, sealed, size))).toBe("damaged");
  });

  test("is described for those who hold the key of the compartment and epoch", async () => {
    const [key, other] = [await compartmentKey(random(32)), await compartmentKey(random(32))];
    const fileKey = newFileKey();
    const detail = await sealDescription(key, fileKey, place, described);
    const longer = await sealDescription(key, fileKey, place, { ...described, title: "A somewhat longer title" });
    expect(longer.length).toBe(detail.length);
    expect(await openDescription(key, place, detail)).toEqual({ fileKey, description: described });
    expect(await why(openDescription(other, place, detail))).toBe("damaged");
    expect(await why(openDescription(key, { ...place, compartment: "hiv" }, detail))).toBe("damaged");
    for (const at of [1, 61, 62, 80]) {
      expect(await why(openDescription(key, place, spoilt(detail, at)))).not.toBe("opened");
    }
  });
});

describe("a new device", () => {
  test("is let in by another device of the same person", async () => {
    const { kept, vault } = await makeVault();
    const { pair, publicKey } = await newDeviceKeys();
    const wrap = await passKey(vault, publicKey);
    expect((await openWith(kept, await receiveKey(pair, publicKey, wrap))).code).toBe(vault.code);
    const other = await newDeviceKeys();
    expect(await why(receiveKey(other.pair, other.publicKey, wrap))).toBe("damaged");
    expect(await deviceCode(publicKey)).not.toBe(await deviceCode(other.publicKey));
  });

  test("is let in by any two of three guardians, and by none alone", async () => {
    const { kept, vault } = await makeVault();
    const guardians = [(await makeVault()).vault, (await makeVault()).vault, (await makeVault()).vault];
    const shares = await makeShares(vault, guardians);
    const { pair, publicKey } = await newDeviceKeys();
    const given = await Promise.all(guardians.map((one, i) => passShare(one, shares[i]?.wrap ?? "", publicKey)));
    for (const two of [
      [0, 1],
      [0, 2],
      [2, 1],
    ]) {
      const wraps = two.map((i) => given[i] ?? "");
      const accounts = await receiveShares(pair, publicKey, wraps, vault.code);
      expect((await openWith(kept, accounts[0] ?? new Uint8Array())).code).toBe(vault.code);
    }
    expect(await receiveShares(pair, publicKey, given.slice(0, 1), vault.code)).toEqual([]);
    expect(await receiveShares(pair, publicKey, given, guardians[0]?.code ?? "")).toEqual([]);
    // An answer that does not open keeps nobody out whom two others let in.
    const spoilt = await receiveShares(pair, publicKey, ["AAAA", given[1] ?? "", given[2] ?? ""], vault.code);
    expect(spoilt.length).toBe(1);
    expect((await openWith(kept, spoilt[0] ?? new Uint8Array())).code).toBe(vault.code);
    const [first, second] = guardians;
    if (!first || !second) throw new Error("three were made");
    expect(await why(passShare(second, shares[0]?.wrap ?? "", publicKey))).toBe("damaged");
    const later = await makeShares(vault, guardians);
    const mixed = [given[0] ?? "", await passShare(second, later[1]?.wrap ?? "", publicKey), given[2] ?? ""];
    const accounts = await receiveShares(pair, publicKey, mixed, vault.code);
    const tried = await Promise.all(
      accounts.map((account) =>
        openWith(kept, account).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(tried).toEqual([false, true, false]);
  });
});

test("an envelope names its suite, and another is not guessed at", async () => {
  const key = await aesKey(random(32));
  const sealed = await seal(key, utf8("x"), context("a"));
  expect(toHex(sealed.slice(0, 1))).toBe("01");
  expect(await why(unseal(key, spoilt(sealed, 0), context("a")))).toBe("suite");
  expect(await why(unseal(key, sealed, context("b")))).toBe("damaged");
});
