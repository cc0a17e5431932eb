// What this browser remembers. A browser may refuse storage (private windows), and the app works all the same.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`healthsync.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`healthsync.${key}`, value);
  } catch {
    // Nothing is lost that the server does not have.
  }
}
