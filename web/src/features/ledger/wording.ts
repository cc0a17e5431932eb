// The ledger's codes in words. A code this app does not know is shown as it is, never hidden.
import type { TFunction } from "i18next";
import type { LedgerEntry } from "@/api/types";
import { kindName } from "@/fhir/kinds";
import { sentence } from "@/fhir/words";

const ACTIONS = [
  "read",
  "search",
  "history",
  "create",
  "update",
  "delete",
  "import",
  "export",
  "grant",
  "revoke",
  "extend",
  "refused",
  "request",
  "decline",
  "register",
  "erase",
  "login",
  "lock",
  "unlock",
  "member",
  "token",
  "rotate",
  "connect",
  "disconnect",
  "narrow",
  "invite",
  "apply",
  "verify",
  "return",
  "break-glass",
  "review",
  "draft",
  "approve",
  "visit",
  "question",
  "answer",
  "settle",
  "restrict",
  "lift",
  "withdraw",
  "dispute",
  "keys",
] as const;
const GROUNDS = {
  "own record": "own",
  guardianship: "guardianship",
  delegation: "delegation",
  grant: "grant",
  "health link": "link",
  "break-glass": "break-glass",
  custody: "custody",
  operator: "operator",
  administration: "administration",
} as const;
/** Acts on the record's contents; the others stand without an object. */
const ON_ENTRIES = new Set<string>([
  "read",
  "search",
  "history",
  "create",
  "update",
  "delete",
  "import",
  "export",
  "refused",
]);

/** The acts by which somebody comes to look after a record, or no longer does. */
const CARE = { invite: "ask", decline: "decline", revoke: "end" } as const;

type Act = Pick<LedgerEntry, "action" | "actor" | "ground" | "what">;

export function actionText(t: TFunction, { action, actor, ground, what }: Act): string {
  if (what === "Delegation" || what === "Guardianship") {
    // Whoever accepts gets access and gives none; it is others who let somebody in.
    const accepts = actor.role === "patient" && (ground === "delegation" || ground === "guardianship");
    if (action === "grant") return t(accepts ? "care.begin" : "care.let");
    if (action in CARE) return t(`care.${CARE[action as keyof typeof CARE]}`);
  }
  const known = ACTIONS.find((each) => each === action);
  return known ? t(`act.${known}`) : sentence(action).toLowerCase();
}

export function groundText(t: TFunction, ground: string | null): string | null {
  if (!ground) return null;
  return ground in GROUNDS ? t(`ground.${GROUNDS[ground as keyof typeof GROUNDS]}`) : sentence(ground);
}

/** What it was for. That patients read their own record for themselves goes without saying. */
export function purposeText(purpose: string | null): string | null {
  return purpose && purpose !== "patient" ? sentence(purpose) : null;
}

export function whatText(t: TFunction, entry: LedgerEntry): string {
  if (!ON_ENTRIES.has(entry.action)) return "";
  if (entry.action === "refused") return entry.what ? `(${kindName(t, entry.what).toLowerCase()})` : "";
  if (entry.count === 1 && entry.what) return t("ledger.one", { kind: kindName(t, entry.what).toLowerCase() });
  const kind = entry.what ? t("ledger.of", { kind: kindName(t, entry.what).toLowerCase() }) : "";
  return `${t("ledger.entries", { count: entry.count })}${kind ? ` (${kind})` : ""}`;
}
