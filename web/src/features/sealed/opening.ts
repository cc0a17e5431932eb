// The ways into a vault, from this page's side. The cryptography is loaded when one of them is taken.
import type { QueryClient } from "@tanstack/react-query";
import { signInOptions } from "@/api/identity";
import { keepOpen } from "@/api/openVault";
import type { Vault } from "@/api/types";
import { addWay } from "@/api/vault";
import { fromBase64, toBase64 } from "@/lib/bytes";
import type { OpenVault } from "@/lib/vault/vault";
import { deriveSecret } from "@/lib/webauthn";
import { NoPrf } from "./Trouble";

const crypto = () => import("@/lib/vault/vault");

async function secretOf(client: QueryClient, salt: Uint8Array<ArrayBuffer>, credentials: string[]) {
  const { passkey } = await client.fetchQuery(signInOptions);
  const made = passkey ? await deriveSecret(passkey.rpId, salt, credentials.map(fromBase64)) : null;
  if (!made) throw new NoPrf();
  return { credential: toBase64(made.credential), secret: made.secret };
}

export async function openByPasskey(client: QueryClient, kept: Vault): Promise<OpenVault> {
  const ways = kept.ways.filter((way) => way.kind === "passkey");
  const known = ways.flatMap((way) => way.credential ?? []);
  const { credential, secret } = await secretOf(client, fromBase64(kept.salt), known);
  const way = ways.find((each) => each.credential === credential);
  if (!way) throw new NoPrf();
  const vault = await (await crypto()).openBy(kept, "passkey", secret, way.wrap);
  keepOpen(vault);
  return vault;
}

export async function openByCode(kept: Vault, typed: string): Promise<OpenVault> {
  const [{ openBy }, { recoverySecret }, { SealError }] = await Promise.all([
    crypto(),
    import("@/lib/vault/codes"),
    import("@/lib/vault/bytes"),
  ]);
  const way = kept.ways.find((each) => each.kind === "recovery");
  const secret = recoverySecret(typed);
  const vault = await openBy(kept, "recovery", secret, way?.wrap ?? "").catch(() => {
    throw new SealError("code");
  });
  keepOpen(vault);
  return vault;
}

/** Opens with the first of these keys that is the right one. */
export async function openByOneOf(kept: Vault, accounts: Uint8Array<ArrayBuffer>[]): Promise<void> {
  const [{ openWith }, { SealError }] = await Promise.all([crypto(), import("@/lib/vault/bytes")]);
  let why: unknown = new SealError("noKey");
  for (const account of accounts) {
    try {
      return keepOpen(await openWith(kept, account));
    } catch (error) {
      why = error;
    }
  }
  throw why;
}

/** Lets a passkey of this device open the vault from now on. */
export async function addPasskey(client: QueryClient, vault: OpenVault, name: string): Promise<void> {
  const { credential, secret } = await secretOf(client, vault.salt, []);
  const wrap = await (await crypto()).makeWay(vault, "passkey", secret);
  client.setQueryData(["vault"], await addWay({ kind: "passkey", name, credential, wrap }));
}

/** What this device is called in the list of ways. */
export function deviceName(): string {
  const agent = navigator.userAgent;
  const found = ["iPhone", "iPad", "Android", "Windows", "Mac", "Linux"].find((name) => agent.includes(name));
  return found ?? "Browser";
}
