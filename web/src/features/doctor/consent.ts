const WEEK = 7 * 86_400_000;

/** A consent in its last week is worth a word, so that it can be renewed in time. */
export function endsSoon(until: string, now: Date): boolean {
  return new Date(until).getTime() - now.getTime() < WEEK;
}
