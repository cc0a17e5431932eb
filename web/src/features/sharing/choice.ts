// What the patient has chosen so far, and the consent that comes of it. Pure.
import type { AccessRequest, Category, Compartment, GrantDraft, Grantee, Label, Purpose } from "@/api/types";
import { type Duration, durationFor, endOf } from "./durations";

export interface Choice {
  who: (Grantee & { detail: string | null }) | null;
  everything: boolean;
  categories: Category[];
  from: string;
  to: string;
  labels: Label[];
  /** Compartments of sealed documents. */
  sealed: Compartment[];
  purpose: Purpose;
  duration: Duration;
  day: string;
  note: string;
  request?: AccessRequest["id"];
}

/** Sensitive areas are out and access ends by itself, unless the patient says otherwise. */
export const emptyChoice: Choice = {
  who: null,
  everything: true,
  categories: [],
  from: "",
  to: "",
  labels: [],
  sealed: [],
  purpose: "treatment",
  duration: "30",
  day: "",
  note: "",
};

export function fromRequest(request: AccessRequest, now: Date): Choice {
  return {
    ...emptyChoice,
    who: request.from,
    everything: request.categories === null,
    categories: request.categories ?? [],
    ...durationFor(request.days, now),
    request: request.id,
  };
}

/** Somebody who stands at the desk: for a day, unless the patient says otherwise. */
export const fromMeeting = (practitioner: { id: string; name: string }, detail: string | null): Choice => ({
  ...emptyChoice,
  who: { type: "practitioner", id: practitioner.id, name: practitioner.name, detail },
  duration: "1",
});

/** Null while something is missing or does not fit together. */
export function toDraft(choice: Choice, now: Date): GrantDraft | null {
  const until = endOf(choice.duration, choice.day, now);
  const nothing = !choice.everything && choice.categories.length === 0;
  const backwards = choice.from !== "" && choice.to !== "" && choice.from > choice.to;
  if (!choice.who || until === undefined || nothing || backwards) return null;
  return {
    grantee: { type: choice.who.type, id: choice.who.id },
    categories: choice.everything ? null : choice.categories,
    from: choice.from || null,
    to: choice.to || null,
    labels: choice.labels,
    // A person opens what is sealed, with keys of their own.
    sealed: choice.who.type === "practitioner" ? choice.sealed : [],
    purpose: choice.purpose,
    until,
    note: choice.note.trim() || null,
    ...(choice.request === undefined ? {} : { request: choice.request }),
  };
}
