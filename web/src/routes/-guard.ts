import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { session } from "@/api/auth";
import type { Role, Session } from "@/api/types";

export const HOME = {
  patient: "/home",
  practitioner: "/patients",
  administrator: "/admin/users",
  service: "/account",
} as const satisfies Record<Role, string>;

/** Lets only those who are signed in pass, and remembers where they wanted to go. */
export async function requireSession(queries: QueryClient, next: string): Promise<Session> {
  const current = await queries.ensureQueryData(session);
  if (!current) throw redirect({ to: "/sign-in", search: { next } });
  return current;
}

/** A page of another role does not exist for this one; it leads home. The server decides what may be read in any case. */
export function requireRole(current: Session, ...roles: Role[]): void {
  if (!roles.includes(current.account.role)) throw redirect({ to: HOME[current.account.role] });
}
