import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { session } from "@/api/auth";
import { summary } from "@/api/record";
import { openProfile } from "@/lib/profile";

/** Whose record it is: "You", or the name. */
export function Whose({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const { data: current } = useQuery(session);
  const own = current?.account.patient === patient && openProfile() === null;
  // Whoever has a record open has its summary: nothing is read for a name.
  const { data: opened } = useQuery({ ...summary(patient), enabled: false });
  if (own) return <>{t("fact.you")}</>;
  return <>{opened?.patient.name ?? t("role.patient")}</>;
}
