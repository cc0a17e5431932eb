// Plain names of FHIR types.
import type { TFunction } from "i18next";
import en from "@/locales/en.json";
import { sentence } from "./words";

type Known = keyof typeof en.kind;

const isKnown = (type: string): type is Known => type in en.kind;

/** What people call a FHIR type; a type without a name of its own keeps its own, spelled out. */
export function kindName(t: TFunction, type: string): string {
  return isKnown(type) ? t(`kind.${type}`) : sentence(type);
}
