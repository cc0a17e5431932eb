// Signing in with a hospital's own provider.
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { SignInConnection, SignInProvider } from "./types";

/** What may have become of somebody who comes back from a provider. */
export const ARRIVALS = ["connected", "unavailable", "declined", "failed", "unknown", "taken", "often"] as const;
export type Arrival = (typeof ARRIVALS)[number];

/** The providers that the operator named. */
export const providers = queryOptions({
  queryKey: ["sign-in-providers"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => (await get<{ providers: SignInProvider[] }>("/api/auth/external")).providers,
});

/** Those by whose word one's own account is opened. */
export const connections = queryOptions({
  queryKey: ["methods", "providers"],
  staleTime: 0,
  queryFn: async () => (await get<{ links: SignInConnection[] }>("/api/auth/external/links")).links,
});

export const startConnecting = (provider: SignInProvider["id"]) =>
  post<{ address: string }>(`/api/auth/external/${provider}/link`, {});
export const disconnect = (id: SignInConnection["id"]) => post(`/api/auth/external/links/${id}/remove`, {});
