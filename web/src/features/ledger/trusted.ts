// The keys of witnesses that this browser trusts, whatever the server says of them: told by the witness itself, or taken over
// once and compared from then on.
import { toHex } from "@/lib/bytes";
import { parseVkey } from "@/lib/note";
import { recall, remember } from "@/lib/storage";

const MEMORY = "witnesses";

export function trustedKeys(): string[] {
  try {
    const kept: unknown = JSON.parse(recall(MEMORY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : [];
  } catch {
    return [];
  }
}

export function trustKeys(keys: string[]): void {
  remember(MEMORY, JSON.stringify([...new Set(keys)]));
}

/** How a witness is called in its key. */
export const nameIn = (key: string): string => key.split("+")[0] ?? "";

/** What the server says of a key that is trusted: the same, another key under this name, or nothing. */
export type Standing = "same" | "changed" | "missing";

export function standing(trusted: string, listed: string[]): Standing {
  if (listed.includes(trusted)) return "same";
  return listed.some((key) => nameIn(key) === nameIn(trusted)) ? "changed" : "missing";
}

/** SHA-256 of the public key in groups, for two people to read to each other; `null` when it is no witness's key. */
export async function fingerprint(key: string): Promise<string | null> {
  const witness = await parseVkey(key.trim());
  if (!witness) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", witness.key));
  return (toHex(hash).match(/.{8}/g) ?? []).join(" ");
}
