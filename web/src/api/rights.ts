import { getBlob, getText, post } from "./client";
import type { ErasureReceipt } from "./types";

/** The whole record as a file. */
export const exportRecord = (patient: string) => getText(`/api/patients/${patient}/export`);

/** The record in one file for people and programs, or as a page that prints. */
export const exportFile = (patient: string, part: "archive" | "pdf") =>
  getBlob(`/api/patients/${patient}/export/${part}`);

export const eraseRecord = (patient: string) =>
  post<ErasureReceipt>(`/api/patients/${patient}/erase`, { confirm: "erase" });
