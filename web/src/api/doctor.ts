import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "./client";
import type { MyPatient } from "./types";

export const myPatients = (query = "") =>
  queryOptions({
    queryKey: ["my-patients", query],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await get<{ patients: MyPatient[] }>("/api/my-patients", { query }, signal)).patients,
  });
