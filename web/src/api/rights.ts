import { getText, post } from "./client";
import type { ErasureReceipt } from "./types";

/** The whole record as a file. */
export const exportRecord = (patient: string) => getText(`/api/patients/${patient}/export`);

export const eraseRecord = (patient: string) =>
  post<ErasureReceipt>(`/api/patients/${patient}/erase`, { confirm: "erase" });
