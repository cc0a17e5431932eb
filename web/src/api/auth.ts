import { queryOptions } from "@tanstack/react-query";
import { get, Problem, post } from "./client";
import type { DemoAccount, Registration, Session, SignedInDevice } from "./types";

export const session = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      const current = await get<Session | { account: null }>("/api/auth/session");
      return current.account ? (current as Session) : null;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

export const demo = queryOptions({
  queryKey: ["demo"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async (): Promise<DemoAccount[]> => {
    try {
      return (await get<{ accounts: DemoAccount[] }>("/api/demo")).accounts;
    } catch {
      // Outside a demonstration there is no such address.
      return [];
    }
  },
});

export const devices = queryOptions({
  queryKey: ["devices"],
  staleTime: 0,
  queryFn: async () => (await get<{ sessions: SignedInDevice[] }>("/api/auth/sessions")).sessions,
});

export const signIn = (username: string, password: string) =>
  post<Session>("/api/auth/login", { username, password, session: "cookie" });
export const register = (registration: Registration) =>
  post<Session>("/api/auth/register", { ...registration, session: "cookie" });
export const signOut = () => post("/api/auth/logout");
export const revokeDevice = (id: SignedInDevice["id"]) => post(`/api/auth/sessions/${id}/revoke`);
