import { expect, test } from "vitest";
import { answer, base64, newKeys } from "./device";

const bytes = (text: string) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

test("what is sent is signed by a key that cannot be read out", async () => {
  const keys = await newKeys();
  await expect(crypto.subtle.exportKey("jwk", keys.key.privateKey)).rejects.toThrow();
  await expect(crypto.subtle.exportKey("raw", keys.secret)).rejects.toThrow();
  const shots = [{ at: 300, jpeg: new Uint8Array([1, 2, 3]) }];
  const sent = await answer(keys, "login", "asha", "c1", shots);
  const hash = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";
  const message = new TextEncoder().encode(`healthsync face check\nlogin\nasha\nc1\n300 ${hash}\n`);
  const way = { name: "ECDSA", hash: "SHA-256" };
  expect(await crypto.subtle.verify(way, keys.key.publicKey, bytes(sent.signature), message)).toBe(true);
  expect(bytes(sent.key)).toHaveLength(65);
  expect(bytes(sent.secret)).toHaveLength(32);
  expect((await answer(keys, "enrol", "", "c2", shots)).secret).toBe(sent.secret);
});

test("base64url has no padding and no signs that an address would change", () => {
  expect(base64(new Uint8Array([251, 255, 254]))).toBe("-__-");
  expect(base64(new Uint8Array([1]))).toBe("AQ");
});
