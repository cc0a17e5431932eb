import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { Notice } from "./types";

export interface Inbox {
  items: Notice[];
  unread: number;
}

export const inbox = queryOptions({ queryKey: ["inbox"], queryFn: () => get<Inbox>("/api/inbox") });
export const markRead = (id: Notice["id"]) => post(`/api/inbox/${id}/read`);
export const markAllRead = () => post("/api/inbox/read-all");
