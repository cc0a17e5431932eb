// Records opened in an emergency, and their review.
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { Candidates, DeclaredEmergency, Emergency } from "./types";

export const findPatient = (form: { family: string; given: string | null; birthDate: string }) =>
  post<Candidates>("/api/break-glass/search", form);
export const openInEmergency = (patient: string, reason: string) =>
  post<Emergency>("/api/break-glass", { patient, reason });
export const openWhole = (id: Emergency["id"]) => post<Emergency>(`/api/break-glass/${id}/whole`);
export const endEmergency = (id: Emergency["id"]) => post(`/api/break-glass/${id}/end`);

export const emergencies = queryOptions({
  queryKey: ["admin", "emergencies"],
  staleTime: 0,
  queryFn: async () => (await get<{ emergencies: DeclaredEmergency[] }>("/api/admin/emergencies")).emergencies,
});

export const reviewEmergency = (id: number, finding: "justified" | "unjustified", note: string | null) =>
  post<DeclaredEmergency>(`/api/admin/emergencies/${id}/review`, { finding, note });
