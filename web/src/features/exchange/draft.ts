import type { EmergencyCard, EmergencyCardDraft } from "@/api/types";

/** A card's choice as it stands, to be changed in parts. Contacts that are left out stay. */
export function draftOf(card: EmergencyCard): EmergencyCardDraft {
  return { hidden: card.hidden, note: card.note, sensitive: card.sensitive, link: card.link?.id ?? null };
}
