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
  "mL/min/{1.73_m2}": "mL/min/1.73 m\u00b2",
  "kg/m2": "kg/m\u00b2",
  "{nominal}": "",
  "1": "",
};

const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

export function plainUnit(unit: string | undefined): string {
  if (unit === undefined) return "";
  return UNITS[unit] ?? lettersOf(unit);
}

/** UCUM's own letters as a laboratory prints them: `m[IU]/L` is mIU/L, `umol/L` \u00b5mol/L, `meq/L` mEq/L, `10*9/L` \u00d710\u2079/L. */
const lettersOf = (unit: string): string =>
  unit
    .replace(/\[(?:IU|iU)\]/g, "IU")
    .replace(/(^|[/.])([mun]?)eq\b/g, "$1$2Eq")
    .replace(/(^|[/.])u(?=(?:L|l|mol|g|m|s|U|IU|Eq|kat|V)\b)/g, "$1\u00b5")
    .replace(
      /^10\*(\d+)/,
      (_, power: string) => `\u00d710${[...power].map((digit) => RAISED[Number(digit)]).join("")}`,
    );

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
