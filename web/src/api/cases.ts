// Questions about an access (why did they read the record?) and corrections (this entry is wrong).
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { AccessCase } from "./types";

export const cases = queryOptions({
  queryKey: ["cases"],
  queryFn: async () => (await get<{ cases: AccessCase[] }>("/api/cases")).cases,
});

export const openCase = (entry: number, question: string) => post<AccessCase>("/api/cases", { entry, question });
export const sayInCase = (id: number, text: string) => post<AccessCase>(`/api/cases/${id}/messages`, { text });
export const objectInCase = (id: number, text: string) => post<AccessCase>(`/api/cases/${id}/object`, { text });
export const declineCase = (id: number, text: string) => post<AccessCase>(`/api/cases/${id}/decline`, { text });
export const openCorrection = (type: string, id: string, reason: string, proposal: string) =>
  post<AccessCase>("/api/corrections", { type, id, reason, proposal: proposal === "" ? null : proposal });
export const closeCase = (id: number) => post<AccessCase>(`/api/cases/${id}/close`);
