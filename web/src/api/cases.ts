// Questions about an access: why did they read the record?
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
export const closeCase = (id: number) => post<AccessCase>(`/api/cases/${id}/close`);
