import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { AppDraft, AppRefusal, AppRequest, ConnectedApp, LaunchableApp, RegisteredApp } from "./types";

const at = (id: string) => `/api/apps/requests/${encodeURIComponent(id)}`;

export const appRequest = (id: string) =>
  queryOptions({
    queryKey: ["app-request", id],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => get<AppRequest>(at(id), undefined, signal),
  });

/** What an app is told that could not be let in; `what` is the text in the address of the page. */
export const appRefusal = (what: string) =>
  queryOptions({
    queryKey: ["app-refusal", what],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => get<AppRefusal>("/api/apps/refused", { what }, signal),
  });

export const connectedApps = queryOptions({
  queryKey: ["apps"],
  staleTime: 0,
  queryFn: async () => (await get<{ apps: ConnectedApp[] }>("/api/apps")).apps,
});

export const launchableApps = queryOptions({
  queryKey: ["apps", "launchable"],
  queryFn: async () => (await get<{ apps: LaunchableApp[] }>("/api/apps/launchable")).apps,
});

export const registeredApps = queryOptions({
  queryKey: ["admin", "apps"],
  staleTime: 0,
  queryFn: async () => (await get<{ apps: RegisteredApp[] }>("/api/admin/apps")).apps,
});

/** Where to go next, at the app. */
interface Onward {
  redirect: string;
}

export const allowApp = (id: string, permit: { scopes: string[]; patient?: string; days?: number }) =>
  post<Onward>(`${at(id)}/allow`, permit);
export const denyApp = (id: string) => post<Onward>(`${at(id)}/deny`);
/** Fewer scopes and an earlier end, never more. */
export const changeApp = (id: number, rest: { scopes: string[]; until?: string }) =>
  post<ConnectedApp>(`/api/apps/${id}/change`, rest);
export const revokeApp = (id: number) => post(`/api/apps/${id}/revoke`);
export const launchApp = (clientId: string, patient: string) => post<Onward>("/api/apps/launch", { clientId, patient });
export const registerApp = (draft: AppDraft) => post<RegisteredApp>("/api/admin/apps", draft);
/** Lets a program in that another administrator put on the list. */
export const confirmApp = (id: number) => post<RegisteredApp>(`/api/admin/apps/${id}/confirm`);
export const strikeApp = (id: number) => post(`/api/admin/apps/${id}/revoke`);
