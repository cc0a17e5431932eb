// What an app asks for, said so that somebody who never heard of a scope knows what it means.
import "@/lib/appsWords";
import type { TFunction } from "i18next";
import type { Wish } from "@/api/types";
import { dataName } from "@/fhir/dataName";

const VERBS = ["see", "add", "change", "delete"] as const;
type Verb = (typeof VERBS)[number];

const VERB_OF: Record<string, Verb> = {
  read: "see",
  search: "see",
  create: "add",
  update: "change",
  delete: "delete",
};

const CODES = ["vital-signs", "laboratory", "social-history", "imaging", "problem-list-item"] as const;

export function wishTitle(t: TFunction, wish: Wish): string {
  if (wish.about !== "data") return t(`apps.wish.${wish.about as "identity"}`);
  const verbs = VERBS.filter((verb) => wish.operations?.some((each) => VERB_OF[each] === verb));
  const words = joined(
    t,
    verbs.map((verb) => t(`apps.verb.${verb}`)),
  );
  const what = t("apps.act", { verbs: words, what: wish.kind ? dataName(t, wish.kind) : t("apps.everything") });
  const only = (wish.conditions ?? []).map((each) => codeText(t, each.value));
  const text = `${what}${only.length > 0 ? ` (${t("apps.only", { codes: only.join(", ") })})` : ""}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `see, add and delete` */
function joined(t: TFunction, words: string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : t("apps.and", { first: words.slice(0, -1).join(", "), last });
}

function codeText(t: TFunction, value: string): string {
  const code = value.slice(value.lastIndexOf("|") + 1);
  const known = CODES.find((each) => each === code);
  return known ? t(`apps.code.${known}`) : code;
}

/** One wish for what one person understands as one thing: `openid` and `fhirUser` both say who one is. */
export interface Line {
  key: string;
  title: string;
  scopes: string[];
  needed: boolean;
  /** Changes something, which deserves a second look. */
  writes: boolean;
}

export function lines(t: TFunction, wishes: Wish[]): Line[] {
  const out: Line[] = [];
  for (const wish of wishes) {
    const title = wishTitle(t, wish);
    const writes = wish.operations?.some((each) => VERB_OF[each] !== "see") ?? false;
    const same = out.find((line) => line.title === title);
    if (same) same.scopes.push(wish.scope);
    else out.push({ key: wish.scope, title, scopes: [wish.scope], needed: wish.needed, writes });
  }
  return out;
}
