// Why a practitioner reads in this tab. Patients give access for one purpose, and what is read is logged with it. It lives as
// long as the tab, so that a new window reads for treatment.

export const PURPOSES = ["treatment", "research", "operations"] as const;
export type Purpose = (typeof PURPOSES)[number];

interface Said {
  /** Of whom: another account that signs in here does not inherit it. */
  account: number;
  purpose: Purpose;
}

const KEY = "healthsync.purpose";

let said: Said | null = read();

function read(): Said | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Said | null;
  } catch {
    return null;
  }
}

export const readsFor = (): Purpose => said?.purpose ?? "treatment";

function keep(next: Said | null): void {
  said = next;
  try {
    if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage the next page reads for treatment.
  }
}

/** Forgets what somebody else, or the same person in another role, said in this tab. */
export function keepPurposeOf(account: number, role: string): void {
  if (said && (said.account !== account || role !== "practitioner")) keep(null);
}

/** Loads the app anew, so that nothing that was read for one purpose stays in memory while another is said. */
export function readFor(account: number, purpose: Purpose): void {
  keep(purpose === "treatment" ? null : { account, purpose });
  window.location.assign("/patients");
}
