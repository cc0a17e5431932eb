// What is given at a desk when nothing else is chosen. Pure.
import type { DeskGive } from "@/api/types";

/** A visit, a day, a week. */
export const LENGTHS = ["4", "24", "168"] as const;
export type Length = (typeof LENGTHS)[number];

/** The whole record without the sensitive areas, as long as the visit lasts. */
export const termsFor = (length: Length): DeskGive => ({ categories: null, labels: [], hours: Number(length) });

/** The address that a code on the screen leads to: this server's own page, with the code. */
export const addressOf = (origin: string, code: string): string => `${origin}/desk/scan?code=${code}`;

/** The code in what was typed or scanned: eight digits, alone or at the end of an address of this server. */
export function codeIn(text: string, origin: string): string | null {
  const trimmed = text.trim();
  const address = `${origin}/desk/scan?code=`;
  const digits = (trimmed.startsWith(address) ? trimmed.slice(address.length) : trimmed).replaceAll(/[\s-]/g, "");
  return /^\d{8}$/.test(digits) ? digits : null;
}
