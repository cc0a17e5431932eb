// What people say of themselves, out of a Patient and back into it. Pure. What the form does not show stays as it is.

import type { Resource } from "@/api/record";
import type { Gender } from "@/api/types";
import type { Address, CodeableConcept, ContactPoint, HumanName } from "@/fhir/types";

export interface PersonForm {
  given: string;
  family: string;
  birthDate: string;
  gender: Gender;
  phone: string;
  email: string;
  street: string;
  postalCode: string;
  city: string;
  country: string;
  /** A BCP 47 tag, or nothing. */
  language: string;
}

/** Languages that are offered, by their BCP 47 tags; their names come from the browser. */
export const LANGUAGES = [
  "en",
  "hi",
  "bn",
  "te",
  "mr",
  "ta",
  "ur",
  "gu",
  "kn",
  "ml",
  "pa",
  "ar",
  "zh",
  "de",
  "es",
  "fr",
  "it",
  "ja",
  "ko",
  "nl",
  "pl",
  "pt",
  "ru",
  "sv",
  "tr",
  "uk",
  "vi",
];

const names = (patient: Resource) => (patient.name as (HumanName & { given?: string[] })[] | undefined) ?? [];
const official = <T extends { use?: string }>(all: T[]): T | undefined =>
  all.find(({ use }) => use === "official") ?? all.find(({ use }) => use !== "old" && use !== "maiden") ?? all[0];
const points = (patient: Resource) => (patient.telecom as ContactPoint[] | undefined) ?? [];
const addresses = (patient: Resource) => (patient.address as (Address & { use?: string })[] | undefined) ?? [];
const point = (patient: Resource, system: string) =>
  points(patient).find((each) => each.system === system && each.use !== "old");
const home = (patient: Resource) => addresses(patient).find(({ use }) => use !== "old") ?? addresses(patient)[0];

interface Communication {
  language?: CodeableConcept;
  preferred?: boolean;
}
const spoken = (patient: Resource) => (patient.communication as Communication[] | undefined) ?? [];

export function personOf(patient: Resource): PersonForm {
  const name = official(names(patient));
  const address = home(patient);
  const language = spoken(patient).find(({ preferred }) => preferred) ?? spoken(patient)[0];
  return {
    given: name?.given?.join(" ") ?? "",
    family: name?.family ?? "",
    birthDate: (patient.birthDate as string | undefined) ?? "",
    gender: (patient.gender as Gender | undefined) ?? "unknown",
    phone: point(patient, "phone")?.value ?? "",
    email: point(patient, "email")?.value ?? "",
    street: address?.line?.join(", ") ?? "",
    postalCode: address?.postalCode ?? "",
    city: address?.city ?? "",
    country: address?.country ?? "",
    language: language?.language?.coding?.[0]?.code ?? "",
  };
}

/** The Patient with what was changed in the form; the rest to the letter. */
export function patientWith(patient: Resource, form: PersonForm, nameOf: (tag: string) => string): Resource {
  const before = personOf(patient);
  const next: Resource = { ...patient };
  const set = (element: string, value: unknown) => {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) delete next[element];
    else next[element] = value;
  };
  const changed = (...parts: (keyof PersonForm)[]) => parts.some((part) => before[part] !== form[part]);
  if (changed("given", "family")) {
    const all = names(patient);
    const old = official(all);
    const given = form.given.trim().split(/\s+/).filter(Boolean);
    const { text: _, given: __, family: ___, ...kept } = old ?? {};
    const renewed = {
      ...kept,
      ...(form.family.trim() && { family: form.family.trim() }),
      ...(given.length > 0 && { given }),
    };
    set("name", old ? all.map((each) => (each === old ? renewed : each)) : [renewed]);
  }
  if (changed("birthDate")) set("birthDate", form.birthDate || undefined);
  if (changed("gender")) set("gender", form.gender);
  for (const [system, value] of [
    ["phone", form.phone],
    ["email", form.email],
  ] as const) {
    if (!changed(system)) continue;
    const all = (next.telecom as ContactPoint[] | undefined) ?? [];
    const old = point(next, system);
    const said = value.trim() ? [{ ...old, system, value: value.trim() }] : [];
    set("telecom", old ? all.flatMap((each) => (each === old ? said : [each])) : [...all, ...said]);
  }
  if (changed("street", "postalCode", "city", "country")) {
    const all = addresses(patient);
    const old = home(patient);
    const { text: _, line: __, postalCode: ___, city: ____, country: _____, ...kept } = old ?? {};
    const parts = {
      ...(form.street.trim() && { line: form.street === before.street ? old?.line : [form.street.trim()] }),
      ...(form.city.trim() && { city: form.city.trim() }),
      ...(form.postalCode.trim() && { postalCode: form.postalCode.trim() }),
      ...(form.country.trim() && { country: form.country.trim() }),
    };
    const renewed = Object.keys(parts).length > 0 ? [{ ...kept, ...parts }] : [];
    set("address", old ? all.flatMap((each) => (each === old ? renewed : [each])) : renewed);
  }
  if (changed("language")) {
    const others = spoken(patient)
      .filter(({ language }) => language?.coding?.[0]?.code !== form.language)
      .map(({ preferred: _, ...rest }) => rest);
    const coding = [{ system: "urn:ietf:bcp:47", code: form.language, display: nameOf(form.language) }];
    const chosen = form.language ? [{ language: { coding }, preferred: true }] : [];
    set("communication", [...chosen, ...others]);
  }
  return next;
}

export type Faults = Partial<Record<keyof PersonForm, "name" | "birth" | "phone" | "email">>;

/** What cannot be kept as it is written. */
export function faultsOf(form: PersonForm, today: string): Faults {
  const faults: Faults = {};
  if (!form.given.trim() && !form.family.trim()) faults.family = "name";
  if (form.birthDate && (!/^\d{4}(-\d{2}(-\d{2})?)?$/.test(form.birthDate) || form.birthDate > today))
    faults.birthDate = "birth";
  const phone = form.phone.trim();
  if (phone && (!/^[\d ()+./-]{3,40}((ext\.?|x|#) ?\d{1,6})?$/i.test(phone) || phone.replace(/\D/g, "").length < 3))
    faults.phone = "phone";
  const email = form.email.trim();
  if (email && !/^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/.test(email)) faults.email = "email";
  return faults;
}
