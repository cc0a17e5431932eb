import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { session } from "@/api/auth";
import type { Account, Role, Session } from "@/api/types";

export const HOME = {
  patient: "/home",
  practitioner: "/patients",
  administrator: "/admin/users",
  service: "/account",
} as const satisfies Record<Role, string>;

/** What stays open to those whose record does not. */
const ALWAYS_OPEN = ["/account", "/inbox"];

const CHOOSE = "/choose-password";

/** Lets only those who are signed in pass, and remembers where they wanted to go. Who came in by a code alone, and who is not
 * verified yet or has a first password, finds the page that says what is missing instead of pages that would all refuse them. */
export async function requireSession(queries: QueryClient, next: string): Promise<Session> {
  const current = await queries.ensureQueryData(session);
  if (!current) throw redirect({ to: "/sign-in", search: { next } });
  const path = next.split(/[?#]/)[0] ?? next;
  if (current.limited && path !== "/recover") throw redirect({ to: "/recover" });
  if (!current.limited && path === "/recover") throw redirect({ to: homeOf(current) });
  if (hasFirstPassword(current)) {
    if (![...ALWAYS_OPEN, CHOOSE].includes(path)) throw redirect({ to: CHOOSE });
    return current;
  }
  if (path === CHOOSE) throw redirect({ to: homeOf(current) });
  if (isUnverified(current.account) && ![...ALWAYS_OPEN, "/verification", "/recover"].includes(path)) {
    throw redirect({ to: "/verification" });
  }
  return current;
}

/** A clinician who stands for nobody in the directory has not been verified. */
export const isUnverified = (account: Account): boolean => account.role === "practitioner" && !account.practitioner;

/** Whether the password is still the one that an administrator chose: its owner sets their own before anything else. */
const hasFirstPassword = ({ account, limited }: Session): boolean => !limited && account.passwordChangeBy !== undefined;

/** Where somebody lands who has just signed in. */
export function homeOf(current: Session) {
  const { account, limited } = current;
  if (limited) return "/recover" as const;
  if (hasFirstPassword(current)) return CHOOSE;
  return isUnverified(account) ? ("/verification" as const) : HOME[account.role];
}

/** A page of another role does not exist for this one; it leads home. The server decides what may be read in any case. */
export function requireRole(current: Session, ...roles: Role[]): void {
  if (!roles.includes(current.account.role)) throw redirect({ to: HOME[current.account.role] });
}
