// Whether somebody who says they are a clinician is one: what they hand in, and what administrators find.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, post, upload } from "./client";
import type { ClinicianDetails, Invited, OpenInvitation, Session, Verification, VerificationState } from "./types";

export const registerClinician = (form: { name: string; email: string; password: string }) =>
  post<Session>("/api/auth/register/clinician", { ...form, session: "cookie" });
export const acceptInvitation = (token: string, password: string) =>
  post<Session>("/api/auth/invitation", { token, password, session: "cookie" });

export const ownVerification = queryOptions({
  queryKey: ["verification"],
  staleTime: 0,
  queryFn: () => get<Verification>("/api/verification"),
});

export const describeMyself = (details: ClinicianDetails) => post<Verification>("/api/verification", details);
export const addDocument = (file: File) =>
  upload<Verification>("/api/verification/documents", file, { name: file.name });
export const removeDocument = (id: number) => post<Verification>(`/api/verification/documents/${id}/remove`);
export const handIn = () => post<Verification>("/api/verification/submit");
export const ownDocument = (id: number) => `/api/verification/documents/${id}`;

export const verifications = (state: VerificationState) =>
  queryOptions({
    queryKey: ["admin", "verifications", state],
    staleTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () => get<{ verifications: Verification[]; waiting: number }>("/api/admin/verifications", { state }),
  });

export const verification = (account: number) =>
  queryOptions({
    queryKey: ["admin", "verification", account],
    staleTime: 0,
    queryFn: () => get<Verification>(`/api/admin/verifications/${account}`),
  });

export const clinicianDocument = (account: number, id: number) => `/api/admin/verifications/${account}/documents/${id}`;
export const approveClinician = (account: number, version: number) =>
  post<Verification>(`/api/admin/verifications/${account}/approve`, { version });
export const sendBackClinician = (account: number, version: number, reason: string) =>
  post<Verification>(`/api/admin/verifications/${account}/return`, { version, reason });
/** Those who were asked and have not come yet. */
export const invitations = queryOptions({
  queryKey: ["admin", "invitations"],
  staleTime: 0,
  queryFn: async () => (await get<{ invitations: OpenInvitation[] }>("/api/admin/invitations")).invitations,
});
export const resendInvitation = (account: number) => post<Invited>(`/api/admin/invitations/${account}/resend`);
export const withdrawInvitation = (account: number) => post(`/api/admin/invitations/${account}/withdraw`);
export const inviteClinician = (draft: { name: string; email: string; organizations: string[] }) =>
  post<Invited>("/api/admin/invitations", draft);
