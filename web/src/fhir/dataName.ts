// How people call many resources of a type: what an app asks for, in their words.
import type { TFunction } from "i18next";
import { kindName } from "@/fhir/kinds";
import en from "@/locales/en.json";

type Known = keyof typeof en.apps.data;

/** A type as people call many of it; a rare one keeps the name it has elsewhere. */
export const dataName = (t: TFunction, kind: string): string =>
  kind in en.apps.data ? t(`apps.data.${kind as Known}`) : kindName(t, kind);
