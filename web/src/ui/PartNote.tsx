import "@/lib/laterWords";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "./Empty";

/** What stays with those who look after all of a record. */
export default function PartNote({
  what,
  icon,
}: {
  what: "card" | "links" | "cases" | "sharing" | "desk";
  icon: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Empty icon={icon} title={t("part.title")}>
      {t(`part.${what}`)}
    </Empty>
  );
}
