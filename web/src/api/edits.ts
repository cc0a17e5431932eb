// Changes of a record that the patient approves by a one-time code.
import { queryOptions } from "@tanstack/react-query";
import { get, post, postJson } from "./client";
import type { Edit, HandedCode, VisitEditSession } from "./types";

export const edits = queryOptions({
  queryKey: ["edits"],
  queryFn: async () => (await get<{ edits: Edit[] }>("/api/edits")).edits,
});

export const editNow = (id: number) => get<Edit>(`/api/edits/${id}`);
export const oneEdit = (id: number) => queryOptions({ queryKey: ["edits", id], queryFn: () => editNow(id) });

/** Proposes one new entry. The resource comes as JSON text, so that its numbers keep their digits. The very same sent again
 * under its key is the draft that was made. */
export const proposeJson = (patient: string, reason: string, resource: string, key: string) =>
  postJson<Edit>(
    "/api/edits",
    `{"patient":${JSON.stringify(patient)},"reason":${JSON.stringify(reason)},"changes":[{"act":"add","resource":${resource}}]}`,
    key,
  );
/** Replaces what an own draft says. */
export const changeJson = (id: number, reason: string, resource: string) =>
  postJson<Edit>(
    `/api/edits/${id}/change`,
    `{"reason":${JSON.stringify(reason)},"changes":[{"act":"add","resource":${resource}}]}`,
  );
/** Proposes that an entry stands otherwise; JSON text, for the same reason. */
export const correctJson = (patient: string, reason: string, resource: string, key: string) =>
  postJson<Edit>(
    "/api/edits",
    `{"patient":${JSON.stringify(patient)},"reason":${JSON.stringify(reason)},"changes":[{"act":"correct","resource":${resource}}]}`,
    key,
  );
/** Proposes that an entry stands no longer. */
export const removeEntry = (patient: string, reason: string, reference: string, key: string) =>
  postJson<Edit>("/api/edits", JSON.stringify({ patient, reason, changes: [{ act: "remove", reference }] }), key);
export const declineEdit = (id: number) => post(`/api/edits/${id}/decline`);
export const withdrawEdit = (id: number) => post(`/api/edits/${id}/withdraw`);
export const makeEditCode = (id: number, version: number) => post<HandedCode>(`/api/edits/${id}/code`, { version });
export const landEdit = (id: number, code: string | null) =>
  post<Edit>(`/api/edits/${id}/land`, code === null ? {} : { code });

export const editSessions = queryOptions({
  queryKey: ["edits", "sessions"],
  queryFn: async () => (await get<{ sessions: VisitEditSession[] }>("/api/edit-sessions")).sessions,
});

export const askForSession = (patient: string) => post<VisitEditSession>("/api/edit-sessions", { patient });
export const makeSessionCode = (id: number) => post<HandedCode>(`/api/edit-sessions/${id}/code`);
export const openSession = (id: number, code: string) =>
  post<VisitEditSession>(`/api/edit-sessions/${id}/open`, { code });
export const endSession = (id: number) => post(`/api/edit-sessions/${id}/end`);
