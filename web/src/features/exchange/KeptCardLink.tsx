import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { keptCards } from "./kept";

/** The way from the sign-in page to the cards on this device, where there are some. */
export function KeptCardLink() {
  const { t } = useTranslation();
  if (keptCards().length === 0) return null;
  return <Link to="/card">{t("card.openKept")}</Link>;
}
