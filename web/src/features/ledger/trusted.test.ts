import { expect, test } from "vitest";
import { concat, toBase64, toHex, utf8 } from "@/lib/bytes";
import { fingerprint, nameIn, standing } from "./trusted";

/** A key as a witness tells it. */
async function key(name: string, fill: number): Promise<string> {
  const bytes = new Uint8Array(33).fill(fill);
  bytes[0] = 4;
  const whole = concat(utf8(name), new Uint8Array([0x0a]), bytes);
  const id = new Uint8Array(await crypto.subtle.digest("SHA-256", whole)).slice(0, 4);
  return `${name}+${toHex(id)}+${toBase64(bytes)}`;
}

test("another key under the name of a trusted witness is noticed, and so is one that is gone", async () => {
  const [ours, other, changed] = [await key("mill", 1), await key("lake", 2), await key("mill", 3)];
  expect(nameIn(ours)).toBe("mill");
  expect(standing(ours, [other, ours])).toBe("same");
  expect(standing(ours, [other, changed])).toBe("changed");
  expect(standing(ours, [other])).toBe("missing");
});

test("a fingerprint is the whole hash of the key, and what is no key has none", async () => {
  const print = await fingerprint(` ${await key("mill", 1)} `);
  expect(print).toMatch(/^([0-9a-f]{8} ){7}[0-9a-f]{8}$/);
  expect(await fingerprint(await key("mill", 2))).not.toBe(print);
  expect(await fingerprint(await key("lake", 1))).toBe(print);
  expect(await fingerprint((await key("mill", 1)).replace("mill", "lake"))).toBeNull();
  expect(await fingerprint("mill")).toBeNull();
});
