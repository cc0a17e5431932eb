// By what a file is known again when somebody chooses it once more after the window was closed.

/** So much of a file is looked at: the beginnings of two photographs differ within the first bytes. */
const LOOKED_AT = 64 * 1024;

/** Its first bytes and when it was last changed; nothing where the browser cannot compute, which is on plain HTTP only. */
export async function fingerprint(file: Blob): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const start = await file.slice(0, LOOKED_AT).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", start));
  const letters = Array.from(hash.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${letters}-${file instanceof File ? file.lastModified : 0}`;
}
