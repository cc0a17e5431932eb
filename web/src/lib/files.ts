import type { TFunction } from "i18next";
import { formatBytes } from "./format";

/** What a file dialog offers; whoever takes a file decides by its content. */
export const ACCEPT = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.heic,.txt,.doc,.docx,.rtf";

export const tooLarge = (t: TFunction, most: number, language: string): string =>
  t("documents.refused.too-large", { most: formatBytes(most, language) });
