// Numbers as people read them, grouped for the reader's language.

/** The digits that were measured; what only a computer writes is rounded to what somebody reads, as the server does. */
export function formatNumber(value: number, locale: string): string {
  const written = String(value);
  const decimals = /^-?\d+(?:\.(\d{1,3}))?$/.exec(written);
  return value.toLocaleString(locale, { maximumFractionDigits: decimals ? 3 : places(Math.abs(value)) });
}

function places(size: number): number {
  if (size === 0 || size >= 10) return 2;
  return size >= 1 ? 3 : Math.min(12, Math.max(3, 2 - Math.floor(Math.log10(size))));
}

export function formatBytes(bytes: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  let at = 0;
  let rest = bytes;
  while (rest >= 1000 && at < units.length - 1) {
    rest /= 1000;
    at += 1;
  }
  return rest.toLocaleString(locale, {
    style: "unit",
    unit: units[at],
    // English has no plural of the short word.
    unitDisplay: at === 0 ? "long" : "short",
    maximumFractionDigits: 1,
  });
}

/** UCUM codes are for machines; these are the few that people write otherwise. */
const UNITS: Record<string, string> = {
  "mm[Hg]": "mmHg",
  "/min": "/min",
  "{beats}/min": "bpm",
  "{score}": "points",
  "beats/minute": "bpm",
  "breaths/minute": "/min",
  Cel: "\u00b0C",
  "[degF]": "\u00b0F",
  "10*3/uL": "\u00d710\u00b3/\u00b5L",
  "10*6/uL": "\u00d710\u2076/\u00b5L",
  "mL/min/{1.73_m2}": "mL/min/1.73 m\u00b2",
  "kg/m2": "kg/m\u00b2",
  "{nominal}": "",
  "1": "",
};

export function plainUnit(unit: string | undefined): string {
  return unit === undefined ? "" : (UNITS[unit] ?? unit);
}

/** A number and its unit as one word that does not break; a percent sign stands close. */
export function withUnit(number: string, unit: string): string {
  if (unit === "") return number;
  return unit === "%" ? `${number}%` : `${number}\u00a0${unit}`;
}

export function initials(name: string): string {
  const words = name
    .replace(/^(Dr|Mr|Mrs|Ms|Prof)\.?\s+/i, "")
    .split(/\s+/)
    .filter(Boolean);
  const first = words[0]?.[0] ?? "";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}
