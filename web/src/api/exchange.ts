import { queryOptions } from "@tanstack/react-query";
import { get, post, put } from "./client";
import type { EmergencyCard, EmergencyCardDraft, HealthLink, HealthLinkDraft } from "./types";

export const healthLinks = queryOptions({
  queryKey: ["links"],
  queryFn: async () => (await get<{ links: HealthLink[] }>("/api/health-links")).links,
});

export const createHealthLink = (draft: HealthLinkDraft) => post<HealthLink>("/api/health-links", draft);
export const revokeHealthLink = (id: HealthLink["id"]) => post<HealthLink>(`/api/health-links/${id}/revoke`);

export const emergencyCard = queryOptions({
  queryKey: ["emergency-card"],
  queryFn: () => get<EmergencyCard>("/api/emergency-card"),
});

export const saveEmergencyCard = (draft: EmergencyCardDraft) => put<EmergencyCard>("/api/emergency-card", draft);

/** Where the record's summary is as a FHIR document. */
export const summaryDocument = (patient: string) =>
  queryOptions({
    queryKey: ["record", patient, "document"],
    queryFn: () => get<unknown>(`/fhir/Patient/${patient}/$summary`),
  });
