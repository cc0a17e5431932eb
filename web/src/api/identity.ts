// Signing in, and what one signs in with.
import { queryOptions } from "@tanstack/react-query";
import type { CeremonyOptions, CredentialJson } from "@/lib/webauthn";
import { get, post } from "./client";
import type { Passkey, PasskeyRegistration, Session, SignInMethods, SignInOptions } from "./types";

export interface Ceremony {
  ceremony: string;
  options: CeremonyOptions;
}

const COOKIE = { session: "cookie" } as const;

/** What the page of signing in may offer here. */
export const signInOptions = queryOptions({
  queryKey: ["sign-in-options"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: () => get<SignInOptions>("/api/auth/options"),
});

export const startPasskeySignIn = () => post<Ceremony>("/api/auth/passkey/start", {});
export const finishPasskeySignIn = (ceremony: string, credential: CredentialJson) =>
  post<Session>("/api/auth/passkey/finish", { ceremony, credential, ...COOKIE });

export const startPasskeyRegistration = (form: PasskeyRegistration) => post<Ceremony>("/api/auth/register/start", form);
export const finishPasskeyRegistration = (ceremony: string, credential: CredentialJson) =>
  post<Session>("/api/auth/register/finish", { ceremony, credential, ...COOKIE });

export const sendCode = (email: string) =>
  post<{ request: string; expires: string }>("/api/auth/code/start", { email });
export const enterCode = (request: string, code: string, recoveryCode?: string) =>
  post<Session>("/api/auth/code/finish", { request, code, ...(recoveryCode ? { recoveryCode } : {}), ...COOKIE });
export const enterRecoveryCode = (recoveryCode: string) => post<Session>("/api/auth/recovery-code", { recoveryCode });

export interface ConfirmationWays {
  methods: ("passkey" | "password" | "recovery-code")[];
  passkey: Ceremony | null;
}

export type Confirmation =
  | { password: string }
  | { recoveryCode: string }
  | { ceremony: string; credential: CredentialJson };

export const startConfirmation = () => post<ConfirmationWays>("/api/auth/confirm/start", {});
export const confirmIdentity = (proof: Confirmation) => post<Session>("/api/auth/confirm", proof);

export const methods = queryOptions({
  queryKey: ["methods"],
  staleTime: 0,
  queryFn: () => get<SignInMethods>("/api/auth/methods"),
});

export const startPasskey = () => post<Ceremony>("/api/auth/passkeys/start", {});
export const finishPasskey = (ceremony: string, credential: CredentialJson, name?: string) =>
  post<Passkey>("/api/auth/passkeys/finish", { ceremony, credential, ...(name ? { name } : {}) });
export const renamePasskey = (id: Passkey["id"], name: string) =>
  post<Passkey>(`/api/auth/passkeys/${id}/rename`, { name });
export const revokePasskey = (id: Passkey["id"]) => post(`/api/auth/passkeys/${id}/revoke`);

export const setPassword = (password: string) => post<{ readyAt: string | null }>("/api/auth/password", { password });
export const cancelPassword = () => post("/api/auth/password/cancel", {});
export const removePassword = () => post("/api/auth/password/remove", {});
export const makeRecoveryCodes = () => post<{ codes: string[]; created: string }>("/api/auth/recovery-codes", {});

export const signOutOthers = () => post<{ ended: number }>("/api/auth/sessions/revoke-others", {});
export const signOutEverywhere = () => post("/api/auth/sessions/revoke-all", {});

export interface Mail {
  id: number;
  time: string;
  to: string;
  subject: string;
  text: string;
}

/** The e-mails a demonstration would have sent. */
export const outbox = queryOptions({
  queryKey: ["outbox"],
  staleTime: 0,
  refetchInterval: 3_000,
  queryFn: async () => (await get<{ mails: Mail[] }>("/api/demo/outbox")).mails,
});
