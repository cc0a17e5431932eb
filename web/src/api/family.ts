// Who looks after whom.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { openProfile } from "@/lib/profile";
import { get, post } from "./client";
import { type Category, type Delegation, type Gender, LABELS, type Label } from "./types";

export const family = queryOptions({
  queryKey: ["family"],
  queryFn: async () => (await get<{ delegations: Delegation[] }>("/api/family")).delegations,
});

/** What lets the caller into the record that is open; `undefined` while it is their own, or not known yet. */
export function useHeld(): Delegation | undefined {
  const profile = openProfile();
  const all = useQuery({ ...family, enabled: profile !== null });
  return all.data?.find((one) => one.mine && one.state === "active" && one.patient.id === profile?.id);
}

/** Whether somebody looks after a part of the record only: not every kind of data, or not every sensitive area. */
export const isPart = (held: Delegation): boolean => held.categories !== null || held.labels.length < LABELS.length;

/** Whether the record that is open is another's, of which the caller looks after a part; `undefined` while that is not known. */
export function usePart(): boolean | undefined {
  const held = useHeld();
  if (openProfile() === null) return false;
  return held && isPart(held);
}

/** What of the open record is the caller's to decide: nothing, a part (of which they answer changes), or all of it. */
export function useSay(): "none" | "part" | "all" {
  const held = useHeld();
  if (openProfile() === null) return "all";
  if (!held?.acts) return "none";
  return isPart(held) ? "part" : "all";
}

/** Whether the caller stands in the patient's own place: in their own record, or as a guardian. */
export function useOwnPlace(): boolean {
  const held = useHeld();
  return openProfile() === null || held?.kind === "guardianship";
}

export interface Child {
  given: string;
  family: string;
  birthDate: string;
  gender: Gender;
}

export interface DelegateDraft {
  person: string;
  acts: boolean;
  categories: Category[] | null;
  labels: Label[];
  until: string | null;
}

export const addChild = (child: Child) => post<Delegation>("/api/family/children", child);
export const inviteGuardian = (patient: string, person: string) => post("/api/family/guardians", { patient, person });
export const delegate = (draft: DelegateDraft) => post("/api/family/delegations", draft);
export const takeUpLetter = (secret: string) => post<Delegation>("/api/family/letter", { secret });
export const askAgain = (id: number) => post(`/api/family/${id}/again`, {});
export const acceptDelegation = (id: number) => post<Delegation>(`/api/family/${id}/accept`, {});
export const declineDelegation = (id: number) => post(`/api/family/${id}/decline`, {});
export const endDelegation = (id: number) => post(`/api/family/${id}/end`, {});

/** Asked by an administrator, and logged in the child's record. */
export const guardiansOf = (patient: string) =>
  queryOptions({
    queryKey: ["admin", "guardians", patient],
    staleTime: 0,
    queryFn: async ({ signal }) =>
      (await get<{ delegations: Delegation[] }>("/api/admin/guardians", { patient }, signal)).delegations,
  });
export const linkGuardian = (patient: string, person: string, reason: string) =>
  post<Delegation>("/api/admin/guardians", { patient, person, reason });
export const endGuardianship = (id: number, reason: string) => post(`/api/admin/guardians/${id}/end`, { reason });
