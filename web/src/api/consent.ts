import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type {
  AccessRequest,
  AccessRequestDraft,
  ConsentText,
  DirectoryItem,
  Grant,
  GrantDraft,
  GrantPreview,
  GrantVersion,
  Restriction,
} from "./types";

export const grants = queryOptions({
  queryKey: ["grants"],
  queryFn: async () => (await get<{ grants: Grant[] }>("/api/grants")).grants,
});

export const grantHistory = (id: Grant["id"]) =>
  queryOptions({
    queryKey: ["grants", id, "history"],
    queryFn: async () => (await get<{ versions: GrantVersion[] }>(`/api/grants/${id}/history`)).versions,
  });

/** What patients agree to when they give access: one version of it, which never changes, or the newest. */
export const consentText = (version: number) =>
  queryOptions({
    queryKey: ["consent-texts", version],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => get<ConsentText>(`/api/consent-texts/${version}`),
  });
export const newestConsentText = queryOptions({
  queryKey: ["consent-texts"],
  queryFn: async () => (await get<{ texts: ConsentText[] }>("/api/consent-texts")).texts[0] ?? null,
});

/** Whether the patient has paused all sharing. It is read again with the grants. */
export const restriction = queryOptions({
  queryKey: ["grants", "restriction"],
  queryFn: () => get<Restriction>("/api/restriction"),
});

export const pauseSharing = () => post<Restriction>("/api/restriction/begin");
export const resumeSharing = () => post<Restriction>("/api/restriction/lift");

export const accessRequests = queryOptions({
  queryKey: ["requests"],
  queryFn: async () => (await get<{ requests: AccessRequest[] }>("/api/access-requests")).requests,
});

export const shareCode = queryOptions({
  queryKey: ["share-code"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async () => (await get<{ code: string }>("/api/share-code")).code,
});

export const directory = (query: string) =>
  queryOptions({
    queryKey: ["directory", query],
    enabled: query.length >= 2,
    queryFn: async ({ signal }) => (await get<{ items: DirectoryItem[] }>("/api/directory", { query }, signal)).items,
  });

export const preview = (draft: GrantDraft) =>
  queryOptions({
    queryKey: ["preview", draft],
    queryFn: () => post<GrantPreview>("/api/grants/preview", draft),
  });

export const createGrant = (draft: GrantDraft) => post<Grant>("/api/grants", draft);
export const revokeGrant = (id: Grant["id"]) => post<Grant>(`/api/grants/${id}/revoke`);
export const extendGrant = (id: Grant["id"], until: string | null) =>
  post<Grant>(`/api/grants/${id}/extend`, { until });
export const renewGrant = (id: Grant["id"]) => post<Grant>(`/api/grants/${id}/renew`);
export const askRenewal = (id: Grant["id"]) => post(`/api/grants/${id}/ask-renewal`);
export const declineRequest = (id: AccessRequest["id"]) => post(`/api/access-requests/${id}/decline`);
export const requestAccess = (draft: AccessRequestDraft) => post<{ status: "sent" }>("/api/access-requests", draft);
