// Whose record this tab has open: one's own, or one that the account looks after. It lives as long as the tab, so that a
// new window never begins in somebody else's record.

export interface Profile {
  /** Of whom: another account that signs in here does not inherit it. */
  account: number;
  /** The id of the Patient. */
  id: string;
  name: string;
}

const KEY = "healthsync.profile";

let current: Profile | null = read();

function read(): Profile | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Profile | null;
  } catch {
    return null;
  }
}

export const openProfile = (): Profile | null => current;

export function setProfile(profile: Profile | null): void {
  current = profile;
  try {
    if (profile) sessionStorage.setItem(KEY, JSON.stringify(profile));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage it lasts until the page is loaded anew, and that leads to one's own record.
  }
}

/** Loads the app anew, so that nothing of one record stays in memory while another is open. */
export function switchTo(profile: Profile | null, path = "/home"): void {
  setProfile(profile);
  window.location.assign(path);
}

const COLOURS = 6;

/** Each record has its colour, the same every time. */
export function colourOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
  return sum % COLOURS;
}
