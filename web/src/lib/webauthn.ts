// Passkeys: what the browser is asked for, and what of its answer leaves this page.

/** The options of a ceremony, as the server writes them. */
export interface CeremonyOptions {
  publicKey: Record<string, unknown>;
}

/** A credential as JSON, without anything that only this browser may know. */
export type CredentialJson = Record<string, unknown>;

/** Whether this browser can do it at all. */
export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential === "function" && "parseCreationOptionsFromJSON" in PublicKeyCredential;

/** Whether the browser can offer passkeys among its suggestions for the name. */
export async function suggestsPasskeys(): Promise<boolean> {
  if (!hasPasskeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
}

/** Makes a passkey. It is kept by the device, so that no name has to be typed to use it. */
export async function makePasskey({ publicKey }: CeremonyOptions): Promise<CredentialJson> {
  const { extensions: _, ...rest } = publicKey;
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(
    rest as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  options.authenticatorSelection = {
    ...options.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  // A passkey that was made without this can never give a secret of its own later.
  options.extensions = { credProps: true, prf: {} } as AuthenticationExtensionsClientInputs;
  return plain(await navigator.credentials.create({ publicKey: options }));
}

/** Uses a passkey: after a press of a button, or quietly among the suggestions of a field. */
export async function pickPasskey(
  { publicKey }: CeremonyOptions,
  signal: AbortSignal,
  quietly = false,
): Promise<CredentialJson> {
  const { extensions: _, ...rest } = publicKey;
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(
    rest as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  options.userVerification = "required";
  return plain(
    await navigator.credentials.get({ publicKey: options, signal, mediation: quietly ? "conditional" : undefined }),
  );
}

/** What a passkey derives from a salt (PRF): a secret that only this device, or its owner's others, can make. It never leaves the
 * page. Null when this passkey, browser or device derives nothing. */
export async function deriveSecret(
  rpId: string,
  salt: Uint8Array<ArrayBuffer>,
  credentials: Uint8Array<ArrayBuffer>[],
): Promise<{ credential: Uint8Array<ArrayBuffer>; secret: Uint8Array<ArrayBuffer> } | null> {
  const given = await navigator.credentials.get({
    publicKey: {
      // Nobody checks this signature: what counts is the secret.
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rpId,
      allowCredentials: credentials.map((id) => ({ type: "public-key", id })),
      userVerification: "required",
      timeout: 120_000,
      extensions: { prf: { eval: { first: salt } } },
    },
  });
  if (!(given instanceof PublicKeyCredential)) throw new DOMException("No passkey was given.", "NotAllowedError");
  const first = given.getClientExtensionResults().prf?.results?.first;
  if (!first) return null;
  const bytes = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
    : new Uint8Array(first);
  return { credential: new Uint8Array(given.rawId), secret: new Uint8Array(bytes) };
}

/** What the extensions gave stays here: one of them is a secret of this person. Only whether it could be had is told. */
export function withoutSecrets(json: CredentialJson): CredentialJson {
  const results = (json.clientExtensionResults ?? {}) as { credProps?: unknown; prf?: { enabled?: unknown } };
  const kept: Record<string, unknown> = {};
  if (results.credProps) kept.credProps = results.credProps;
  if (typeof results.prf?.enabled === "boolean") kept.prf = { enabled: results.prf.enabled };
  return { ...json, clientExtensionResults: kept };
}

function plain(credential: Credential | null): CredentialJson {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("No passkey was given.", "NotAllowedError");
  return withoutSecrets(credential.toJSON() as unknown as CredentialJson);
}

/** Why there is no passkey: `gaveUp` when the person closed the window or it took too long. */
export function passkeyTrouble(error: unknown): "gaveUp" | "known" | "unfit" | null {
  if (!(error instanceof DOMException)) return null;
  if (error.name === "InvalidStateError") return "known";
  return ["NotAllowedError", "AbortError", "TimeoutError"].includes(error.name) ? "gaveUp" : "unfit";
}
