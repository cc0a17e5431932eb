// What the pages say of a document.
import type { TFunction } from "i18next";
import type { DocumentItem } from "@/api/types";
import { tooLarge } from "@/lib/files";
import type { Tone } from "@/ui/Chip";

/** The types of files that are taken in, in the order in which a filter offers them. */
export const TYPES = [
  "application/pdf",
  "image/jpeg",
  "image/png",
  "image/tiff",
  "image/heic",
  "text/plain",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/msword",
  "text/rtf",
] as const;

const TYPE_WORDS = ["pdf", "jpeg", "png", "tiff", "heic", "txt", "docx", "doc", "rtf"] as const;

export function typeName(t: TFunction, type: string): string {
  const word = TYPE_WORDS[TYPES.indexOf(type as (typeof TYPES)[number])];
  return word ? t(`documents.type.${word}`) : type;
}

/** How far reading has come, or nothing when there is nothing to say. */
export function stateOf(t: TFunction, item: DocumentItem): { text: string; tone: Tone } | null {
  if (item.state === "waiting") return { text: t("documents.state.waiting"), tone: "neutral" };
  if (item.state === "reading") return { text: t("documents.state.reading"), tone: "neutral" };
  if (item.state === "unreadable") return { text: t("documents.state.unreadable"), tone: "warn" };
  return item.toConfirm > 0 && item.mayConfirm
    ? { text: t("documents.toConfirm", { count: item.toConfirm }), tone: "accent" }
    : null;
}

const REASONS = [
  "unknown-type",
  "empty",
  "macros",
  "pdf-script",
  "pdf-launch",
  "pdf-embedded",
  "polyglot",
  "bomb",
  "too-many-pages",
  "too-large-picture",
  "damaged",
  "protected",
] as const;

interface Refusal {
  status: number;
  kind: string;
  detail: string;
}

/** Why a file was not taken, in words of this page where it has them. */
export function reasonOf(t: TFunction, problem: Refusal | undefined, language: string): string {
  const known = REASONS.find((each) => each === problem?.kind);
  if (known) return t(`documents.refused.${known}`);
  if (problem?.kind === "over-limit") return tooLarge(t, Number(problem.detail), language);
  if (problem?.status === 413) return problem.detail || t("documents.refused.other");
  if (problem?.status === 0) return t("error.offline");
  return problem?.detail || t("documents.refused.other");
}

/** Days until something is gone for good; the last one counts as one. */
export const daysLeft = (gone: string, now: Date): number =>
  Math.max(1, Math.ceil((new Date(gone).getTime() - now.getTime()) / 86_400_000));

/** Tags as they were typed, each once, without empty ones. */
export function tagsIn(text: string): string[] {
  const seen = new Map<string, string>();
  for (const part of text.split(/[,;\n]/)) {
    const tag = part.trim().replace(/\s+/g, " ");
    if (tag && !seen.has(tag.toLowerCase())) seen.set(tag.toLowerCase(), tag);
  }
  return [...seen.values()];
}
