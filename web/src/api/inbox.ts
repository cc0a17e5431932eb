import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { Inbox, Notice } from "./types";

export const inbox = queryOptions({ queryKey: ["inbox"], queryFn: () => get<Inbox>("/api/inbox") });
export const markRead = (id: Notice["id"]) => post(`/api/inbox/${id}/read`);
export const markAllRead = () => post("/api/inbox/read-all");
