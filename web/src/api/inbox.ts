import { queryOptions } from "@tanstack/react-query";
import { get, post, put } from "./client";
import type { Inbox, Notice, NoticeWay, NoticeWishes } from "./types";

export const inbox = queryOptions({ queryKey: ["inbox"], queryFn: () => get<Inbox>("/api/inbox") });
export const markRead = (id: Notice["id"]) => post(`/api/inbox/${id}/read`);
export const markAllRead = () => post("/api/inbox/read-all");

export const wishes = queryOptions({
  queryKey: ["inbox", "wishes"],
  queryFn: () => get<NoticeWishes>("/api/inbox/wishes"),
});
export interface Hours {
  /** Times of the day in the zone. */
  dailyAt?: string;
  zone?: string;
  /** `22:00-07:00`, or nothing. */
  quiet?: string;
}

export const saveWishes = (said: { ways?: Record<string, NoticeWay> } & Hours) =>
  put<NoticeWishes>("/api/inbox/wishes", said);
