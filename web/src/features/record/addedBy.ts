import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { session } from "@/api/auth";

/** How an own entry of this record is marked: as the reader's, or as the patient's. */
export function useAddedBy(patient: string): string {
  const { t } = useTranslation();
  const { data: current } = useQuery(session);
  return t(current?.account.patient === patient ? "timeline.byYou" : "timeline.byPatient");
}
