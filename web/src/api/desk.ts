import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { DeskCode, DeskGive, Meeting } from "./types";

export const meeting = (id: number | null) =>
  queryOptions({
    queryKey: ["desk", id],
    enabled: id !== null,
    queryFn: () => get<Meeting>(`/api/desk/${id}`),
  });

export const showCode = () => post<DeskCode>("/api/desk");
export const meetBy = (code: string) => post<Meeting>("/api/desk/meet", { code });
export const giveAtDesk = (id: number, form: DeskGive) => post<Meeting>(`/api/desk/${id}/give`, form);
export const endMeeting = (id: number) => post(`/api/desk/${id}/end`);
