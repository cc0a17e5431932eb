// The emergency card as this device keeps it: what its owner chose to show, readable with no account and no network.
import type { CardContact, CardLine, EmergencyCard } from "@/api/types";
import { recall, remember } from "@/lib/storage";

export interface ShownCard {
  id: string;
  name: string;
  birthDate: string | null;
  bloodGroup: string | null;
  language: string | null;
  allergies: string[];
  /** What a helper must know of them besides. Cards that were kept before do not say it. */
  allergyWarning?: string | null;
  conditions: string[];
  medicines: string[];
  implants: string[];
  contacts: Pick<CardContact, "name" | "relationship" | "phone">[];
  note: string | null;
  updated: string;
  /** What its code opens. */
  address: string | null;
}

const KEY = "emergency-cards";

const words = (lines: CardLine[]) =>
  lines.filter((line) => line.shown).map((line) => (line.detail ? `${line.text} \u00b7 ${line.detail}` : line.text));

/** What of a card is shown. */
export function shownOf(card: EmergencyCard): ShownCard {
  const hidden = new Set(card.hidden);
  return {
    id: card.id,
    name: card.name,
    birthDate: card.birthDate ?? null,
    bloodGroup: hidden.has("bloodGroup") ? null : (card.bloodGroup ?? null),
    language: hidden.has("language") ? null : (card.language ?? null),
    allergies: words(card.allergies),
    allergyWarning: card.allergyWarning ?? null,
    conditions: words(card.conditions),
    medicines: words(card.medicines),
    implants: words(card.implants),
    contacts: hidden.has("contacts")
      ? []
      : card.contacts.map(({ name, relationship, phone }) => ({ name, relationship, phone })),
    note: card.note ?? null,
    updated: card.updated,
    address: card.link?.address ?? null,
  };
}

/** The cards on this device. */
export function keptCards(): ShownCard[] {
  try {
    const kept: unknown = JSON.parse(recall(KEY) ?? "[]");
    return Array.isArray(kept) ? (kept as ShownCard[]) : [];
  } catch {
    return [];
  }
}

export function keepCard(card: ShownCard): void {
  remember(KEY, JSON.stringify([...keptCards().filter((each) => each.id !== card.id), card]));
}

export function dropCard(id: string): void {
  remember(KEY, JSON.stringify(keptCards().filter((each) => each.id !== id)));
}

/** Whole years on a day. */
export function ageOn(birthDate: string | null, today: Date): number | null {
  const [year, month, day] = (birthDate ?? "").split("-").map(Number);
  if (!year || !month || !day) return null;
  const before = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day);
  return today.getFullYear() - year - (before ? 1 : 0);
}
