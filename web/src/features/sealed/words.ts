import type { TFunction } from "i18next";
import type { Compartment } from "@/api/types";

export const compartmentName = (t: TFunction, compartment: Compartment): string =>
  compartment === "general" ? t("sealed.general") : t(`label.${compartment}`);
