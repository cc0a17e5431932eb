import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type {
  Health,
  LedgerState,
  Member,
  Organization,
  OrganizationDraft,
  Role,
  User,
  UserDraft,
  UserPage,
} from "./types";

export const users = (query: string, role: Role | "") =>
  infiniteQueryOptions({
    queryKey: ["admin", "users", query, role],
    initialPageParam: null as number | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      get<UserPage>("/api/admin/users", { query, role, before: pageParam, count: 50 }, signal),
    getNextPageParam: (page) => page.next,
  });

export const organizations = (query = "") =>
  queryOptions({
    queryKey: ["admin", "organizations", query],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await get<{ organizations: Organization[] }>("/api/admin/organizations", { query }, signal)).organizations,
  });

export const ledgerState = queryOptions({
  queryKey: ["admin", "ledger"],
  staleTime: 0,
  queryFn: () => get<LedgerState>("/api/admin/ledger"),
});

export const health = queryOptions({
  queryKey: ["admin", "health"],
  staleTime: 0,
  refetchInterval: 15_000,
  queryFn: () => get<Health>("/api/admin/health"),
});

export const createUser = (draft: UserDraft) => post<User>("/api/admin/users", draft);
export const lockUser = (id: number) => post<User>(`/api/admin/users/${id}/lock`);
export const unlockUser = (id: number) => post<User>(`/api/admin/users/${id}/unlock`);
export const changeRole = (id: number, role: Role) => post<User>(`/api/admin/users/${id}/role`, { role });
export const createOrganization = (draft: OrganizationDraft) => post<Organization>("/api/admin/organizations", draft);
export const addMember = (organization: string, account: number) =>
  post(`/api/admin/organizations/${encodeURIComponent(organization)}/members`, { account });
export const members = (organization: string) =>
  queryOptions({
    queryKey: ["admin", "members", organization],
    staleTime: 0,
    queryFn: async () =>
      (await get<{ members: Member[] }>(`/api/admin/organizations/${encodeURIComponent(organization)}/members`))
        .members,
  });
export const removeMember = (organization: string, account: number) =>
  post(`/api/admin/organizations/${encodeURIComponent(organization)}/members/${account}/remove`);
export const verifyLedger = () => post<LedgerState>("/api/admin/ledger/verify");
