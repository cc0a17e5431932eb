// When a session that nobody uses comes to its end. Pure, so that time can be chosen in a test.

export interface IdleState {
  phase: "active" | "warning" | "over";
  secondsLeft: number;
}

const LONGEST_WARNING = 120;

/** Warns two minutes before the end, or a third of the time when that is shorter. */
export function idleState(lastActivity: number, now: number, idleSeconds: number): IdleState {
  const secondsLeft = Math.max(0, Math.ceil(idleSeconds - (now - lastActivity) / 1000));
  const warning = Math.min(LONGEST_WARNING, idleSeconds / 3);
  return { phase: secondsLeft === 0 ? "over" : secondsLeft <= warning ? "warning" : "active", secondsLeft };
}

const TOLD_BEFORE_MS = 10 * 60_000;

/** Whether a session ends so soon, whatever one does, that one should finish what one is doing. */
export function endsSoon(expires: string, now: number): boolean {
  return new Date(expires).getTime() - now <= TOLD_BEFORE_MS;
}
