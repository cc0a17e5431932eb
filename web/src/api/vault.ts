// The caller's own vault, as the server keeps it.
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type {
  Compartment,
  MyVault,
  PublicKeys,
  SealedItem,
  SealedRecord,
  Sealing,
  VaultForm,
  VaultOpening,
  VaultOpenings,
  VaultWayForm,
} from "./types";

export const myVault = queryOptions({
  queryKey: ["vault"],
  queryFn: () => get<MyVault>("/api/vault"),
});

export const vaultOpenings = queryOptions({
  queryKey: ["vault", "openings"],
  queryFn: () => get<VaultOpenings>("/api/vault/openings"),
});

export const createVault = (form: VaultForm) => post<MyVault>("/api/vault", form);
export const addWay = (form: VaultWayForm) => post<MyVault>("/api/vault/ways", form);
export const removeWay = (id: number) => post<MyVault>(`/api/vault/ways/${id}/remove`);
export const discardVault = () => post<MyVault>("/api/vault/discard");
export const setGuardians = (guardians: { code: string; wrap: string }[]) =>
  post<MyVault>("/api/vault/guardians", { guardians });
export const publicKeysOf = (practitioner: string) => get<PublicKeys>("/api/vault/keys", { practitioner });
export const publicKeysBy = (code: string) => get<PublicKeys>("/api/vault/keys", { code });
export const askOpening = (kind: "device" | "guardians", publicKey: string) =>
  post<VaultOpening>("/api/vault/openings", { kind, publicKey });
export const answerOpening = (id: number, wrap: string) =>
  post<VaultOpenings>(`/api/vault/openings/${id}/answer`, { wrap });
export const endOpening = (id: number) => post<VaultOpenings>(`/api/vault/openings/${id}/end`);

/** Which keys were handed to whom, by compartment. It changes with the grants, and is read again with them. */
export const sealing = queryOptions({
  queryKey: ["grants", "sealing"],
  queryFn: () => get<Sealing>("/api/sealing"),
});

export interface WrappedFor {
  reader: string | null;
  code: string;
  wrap: string;
  signature: string;
}
export const handOver = (compartment: Compartment, epoch: number, keys: WrappedFor[]) =>
  post<Sealing>(`/api/sealing/${compartment}/keys`, { epoch, keys });

export const sealedRecord = (patient: string) =>
  queryOptions({
    queryKey: ["record", patient, "sealed"],
    queryFn: ({ signal }) => get<SealedRecord>(`/api/patients/${encodeURIComponent(patient)}/sealed`, {}, signal),
  });

export const changeSealed = (id: string, detail: string) => post<SealedItem>(`/api/sealed/${id}/change`, { detail });
export const deleteSealed = (id: string) => post(`/api/sealed/${id}/delete`);
