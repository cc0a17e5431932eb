// What this browser keeps for the face check: a signing key and a secret that scripts can use and nobody can read out.
import type { FaceAnswer } from "@/api/types";

const DATABASE = "healthsync-face";
const STORE = "devices";

/** An account that is enrolled in this browser. */
export interface KeptDevice {
  username: string;
  /** The server's number of the enrolment. */
  id: number;
  key: CryptoKeyPair;
  secret: CryptoKey;
}

export interface Shot {
  /** Milliseconds from the start. */
  at: number;
  jpeg: Uint8Array<ArrayBuffer>;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "username" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

export const keptDevices = () => within<KeptDevice[]>("readonly", (store) => store.getAll());
export const keep = (device: KeptDevice) => within("readwrite", (store) => store.put(device));
export const forget = (username: string) => within("readwrite", (store) => store.delete(username));

export async function newKeys(): Promise<Pick<KeptDevice, "key" | "secret">> {
  const key = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const secret = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return { key, secret };
}

/** Signs the frames and puts together what the server takes. */
export async function answer(
  { key, secret }: Pick<KeptDevice, "key" | "secret">,
  purpose: "login" | "enrol",
  username: string,
  challenge: string,
  shots: Shot[],
): Promise<FaceAnswer> {
  const lines = ["healthsync face check", purpose, username, challenge];
  for (const { at, jpeg } of shots) {
    lines.push(`${at} ${hex(await crypto.subtle.digest("SHA-256", jpeg))}`);
  }
  const message = new TextEncoder().encode(`${lines.join("\n")}\n`);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, message);
  const half = await crypto.subtle.sign("HMAC", secret, new TextEncoder().encode("healthsync face template"));
  return {
    challenge,
    key: base64(await crypto.subtle.exportKey("raw", key.publicKey)),
    secret: base64(half),
    signature: base64(signature),
    frames: shots.map(({ at, jpeg }) => ({ at, picture: base64(jpeg) })),
  };
}

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Base64url without padding. */
export function base64(bytes: ArrayBuffer | Uint8Array): string {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  let text = "";
  for (let from = 0; from < view.length; from += 8192) {
    text += String.fromCharCode(...view.subarray(from, from + 8192));
  }
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
