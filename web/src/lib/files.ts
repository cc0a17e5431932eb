import type { TFunction } from "i18next";
import { formatBytes } from "./format";

/** What a file dialog offers; whoever takes a file decides by its content. */
export const ACCEPT = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.heic,.txt,.doc,.docx,.rtf";

const MEBI = 1024 * 1024;

/** A limit of whole mebibytes is called by their number: 10, where 10.5 would be the megabytes. */
export const limitOf = (most: number, language: string): string =>
  formatBytes(most % MEBI === 0 ? (most / MEBI) * 1e6 : most, language);

export const tooLarge = (t: TFunction, most: number, language: string): string =>
  t("documents.refused.too-large", { most: limitOf(most, language) });
