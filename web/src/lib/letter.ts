// The link of a letter in which somebody was asked to look after a record. What it holds stands behind the #, which no server
// sees; it is kept in this tab until the person has signed in or made an account.

const KEY = "healthsync.letter";
const START = "#letter=";

/** Takes it out of the address, before any page looks at that. */
export function keepLetter(): void {
  if (window.location.pathname !== "/family" || !window.location.hash.startsWith(START)) return;
  try {
    sessionStorage.setItem(KEY, window.location.hash.slice(START.length));
  } catch {
    // Without storage the link has to be opened once more after signing in.
    return;
  }
  window.history.replaceState(null, "", "/family");
}

/** What was kept, once. */
export function takeLetter(): string | null {
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return kept;
  } catch {
    return null;
  }
}
