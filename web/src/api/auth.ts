import { queryOptions } from "@tanstack/react-query";
import { openProfile, setProfile } from "@/lib/profile";
import { keepPurposeOf } from "@/lib/purpose";
import { get, Problem, post } from "./client";
import type { DemoAccount, Registration, Session, SignedInDevice } from "./types";

export const session = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      const current = await get<Session | { account: null }>("/api/auth/session");
      return current.account ? inOpenRecord(current as Session) : null;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

/** While another's record is open, that is the record of every page; whose account it is does not change. */
function inOpenRecord(current: Session): Session {
  const profile = openProfile();
  if (profile && profile.account !== current.account.id) setProfile(null);
  keepPurposeOf(current.account.id, current.account.role);
  const patient = openProfile()?.id;
  return patient ? { ...current, account: { ...current.account, patient } } : current;
}

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
