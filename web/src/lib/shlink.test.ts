import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decrypt, LinkTrouble, needsPasscode, readLink } from "./shlink";

const KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const url64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64url");

async function sealed(content: unknown, header: object, key = KEY): Promise<string> {
  const iv = Uint8Array.from({ length: 12 }, (_, i) => i + 1);
  const head = url64(JSON.stringify(header));
  const raw = await crypto.subtle.importKey("raw", Buffer.from(key, "base64url"), "AES-GCM", false, ["encrypt"]);
  const json = Buffer.from(JSON.stringify(content));
  const plain = "zip" in header ? deflateRawSync(json) : json;
  const additionalData = new TextEncoder().encode(head);
  const out = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, raw, plain));
  return `${head}..${url64(iv)}.${url64(out.slice(0, -16))}.${url64(out.slice(-16))}`;
}

describe("a link", () => {
  const payload = { url: "https://h.example/shl/x", key: KEY, flag: "LP", label: "GP", v: 1 };
  const link = `shlink:/${url64(JSON.stringify(payload))}`;

  it("is read as it is and behind the address of a viewer", () => {
    expect(readLink(link)).toEqual(payload);
    expect(readLink(`https://h.example/link#${link}`)).toEqual(payload);
    expect(needsPasscode(payload)).toBe(true);
  });

  it.each([
    "",
    "shlink:/",
    "shlink:/e30",
    `shlink:/${url64(JSON.stringify({ ...payload, key: "short" }))}`,
    `shlink:/${url64(JSON.stringify({ ...payload, v: 2 }))}`,
  ])("that says nothing is refused: %s", (text) => {
    expect(() => readLink(text)).toThrow(LinkTrouble);
  });
});

describe("a file", () => {
  const header = { alg: "dir", enc: "A256GCM", cty: "application/fhir+json" };

  it("opens with its key, packed or not", async () => {
    expect(await decrypt(await sealed({ a: "é" }, header), KEY)).toEqual({ a: "é" });
    expect(await decrypt(await sealed({ a: "é" }, { ...header, zip: "DEF" }), KEY)).toEqual({ a: "é" });
  });

  it("opens with no other key, and not when it was changed", async () => {
    const jwe = await sealed({ a: 1 }, header);
    await expect(decrypt(jwe, KEY.replace("AAEC", "AAED"))).rejects.toThrow(LinkTrouble);
    const [head, ...rest] = jwe.split(".");
    const other = [url64(JSON.stringify({ ...header, kid: "x" })), ...rest].join(".");
    await expect(decrypt(other, KEY)).rejects.toThrow(LinkTrouble);
    await expect(decrypt(`${head}..AAAA.AAAA.AAAA`, KEY)).rejects.toThrow(LinkTrouble);
  });
});
