// A consent in words. Used wherever one is shown, so that it is described the same way everywhere.
import type { TFunction } from "i18next";
import type { Category, Compartment, Label } from "@/api/types";
import { formatDate } from "@/lib/dates";

export interface Scope {
  categories: Category[] | null;
  from: string | null;
  to: string | null;
  labels: Label[];
}

export function whatText(t: TFunction, scope: Pick<Scope, "categories">): string {
  if (scope.categories === null) return t("sharing.everything");
  return scope.categories.map((category) => t(`category.${category}`)).join(", ");
}

export function periodText(t: TFunction, locale: string, scope: Pick<Scope, "from" | "to">): string {
  const from = scope.from && formatDate(scope.from, locale);
  const to = scope.to && formatDate(scope.to, locale);
  if (from && to) return t("sharing.between", { from, to });
  if (from) return t("sharing.since", { from });
  return to ? t("sharing.upTo", { to }) : t("sharing.allTimes");
}

/** What of the sealed documents is opened; nothing when there is nothing to say. */
export function sealedText(t: TFunction, sealed: Compartment[]): string {
  return sealed.map((each) => (each === "general" ? t("sealed.general") : t(`label.${each}`))).join(", ");
}

export function labelsText(t: TFunction, labels: Label[]): string {
  return labels.length === 0 ? t("sharing.noSensitive") : labels.map((label) => t(`label.${label}`)).join(", ");
}
