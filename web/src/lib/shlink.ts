// SMART Health Links as a reader sees them: what a link says, how its file is asked for, how it is opened. Everything
// happens in this browser; the key stands behind the # and reaches no server.
import type { Bytes } from "./bytes";

export interface Payload {
  url: string;
  key: string;
  /** Seconds since 1970. */
  exp?: number;
  flag?: string;
  label?: string;
  v?: number;
}

/** Why a link did not open. */
export type Trouble = "unreadable" | "elsewhere" | "gone" | "often" | "offline" | "broken";

export class LinkTrouble extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble) {
    super(trouble);
    this.name = "LinkTrouble";
    this.trouble = trouble;
  }
}

/** The passcode is missing or wrong. */
export class PasscodeNeeded extends Error {
  readonly left: number;
  constructor(left: number) {
    super("passcode");
    this.name = "PasscodeNeeded";
    this.left = left;
  }
}

export function fromBase64Url(text: string): Bytes {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0)) as Bytes;
}

/** Reads `shlink:/…`, also where it stands behind the address of a viewer. */
export function readLink(text: string): Payload {
  try {
    const at = text.indexOf("shlink:/");
    if (at < 0) throw new Error("no link");
    const bytes = fromBase64Url(text.slice(at + "shlink:/".length).trim());
    const payload = JSON.parse(new TextDecoder().decode(bytes)) as Payload;
    if (typeof payload.url !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(payload.key)) throw new Error("no link");
    if ((payload.v ?? 1) !== 1) throw new Error("a later version");
    return payload;
  } catch {
    throw new LinkTrouble("unreadable");
  }
}

export const needsPasscode = (payload: Payload): boolean => payload.flag?.includes("P") === true;

/** Asks for the file behind a link and opens it. */
export async function openLink(payload: Payload, recipient: string, passcode?: string): Promise<unknown> {
  const url = new URL(payload.url);
  // The page may only talk to where it comes from: a link of another server is opened there.
  if (url.origin !== window.location.origin) throw new LinkTrouble("elsewhere");
  const jwe = payload.flag?.includes("U")
    ? await (await ask(`${url.href}?recipient=${encodeURIComponent(recipient)}`)).text()
    : await embedded(url.href, recipient, passcode);
  return decrypt(jwe, payload.key);
}

interface Manifest {
  files: { contentType: string; embedded?: string; location?: string }[];
}

async function embedded(url: string, recipient: string, passcode?: string): Promise<string> {
  const response = await ask(url, { recipient, ...(passcode === undefined ? {} : { passcode }) });
  const manifest = (await response.json()) as Manifest;
  const file = manifest.files.find((each) => each.contentType.startsWith("application/fhir+json"));
  if (file?.embedded) return file.embedded;
  if (file?.location) return (await ask(file.location)).text();
  throw new LinkTrouble("broken");
}

async function ask(url: string, body?: object): Promise<Response> {
  const init: RequestInit = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
    : {};
  let response: Response;
  try {
    response = await fetch(url, { ...init, credentials: "omit" });
  } catch {
    throw new LinkTrouble("offline");
  }
  if (response.status === 401) {
    const { remainingAttempts } = (await response.json()) as { remainingAttempts?: number };
    throw new PasscodeNeeded(remainingAttempts ?? 0);
  }
  if (response.status === 404) throw new LinkTrouble("gone");
  if (response.status === 429) throw new LinkTrouble("often");
  if (!response.ok) throw new LinkTrouble("broken");
  return response;
}

/** A file as JWE compact serialization with `dir` and `A256GCM`, packed with DEFLATE or not. */
export async function decrypt(jwe: string, key: string): Promise<unknown> {
  try {
    const [header = "", , iv = "", body = "", tag = ""] = jwe.trim().split(".");
    const { alg, enc, zip } = JSON.parse(new TextDecoder().decode(fromBase64Url(header)));
    if (alg !== "dir" || enc !== "A256GCM" || (zip !== undefined && zip !== "DEF")) throw new Error("another kind");
    const sealed = await new Blob([fromBase64Url(body), fromBase64Url(tag)]).arrayBuffer();
    const opener = await crypto.subtle.importKey("raw", fromBase64Url(key), "AES-GCM", false, ["decrypt"]);
    const additionalData = new TextEncoder().encode(header);
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: fromBase64Url(iv), additionalData },
      opener,
      sealed,
    );
    return JSON.parse(zip === "DEF" ? await unpack(plain) : new TextDecoder().decode(plain));
  } catch {
    throw new LinkTrouble("broken");
  }
}

const unpack = (packed: ArrayBuffer): Promise<string> =>
  new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
