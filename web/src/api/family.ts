// Who looks after whom.
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { Category, Delegation, Gender, Label } from "./types";

export const family = queryOptions({
  queryKey: ["family"],
  queryFn: async () => (await get<{ delegations: Delegation[] }>("/api/family")).delegations,
});

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
