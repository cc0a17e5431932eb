// The hours at which letters leave, or do not: by the clocks where their reader lives.

const DAY = 24 * 60;

/** Where this browser is. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function text(minute: number): string {
  const within = ((minute % DAY) + DAY) % DAY;
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`;
}

/** Minutes by which UTC is ahead of this device's clock, today. */
const ahead = () => new Date().getTimezoneOffset();

export const localTime = (utc: string, offset = ahead()): string => text(minutes(utc) - offset);

/** The time of the daily e-mail: who never said where they live has it in UTC. */
export const ownTime = ({ dailyAt, zone }: { dailyAt: string; zone: string }, offset = ahead()): string =>
  zone === "UTC" ? localTime(dailyAt, offset) : dailyAt;

/** The two times of quiet hours as they stand, and whether the second is one of the day after. */
export function nightOf(quiet: string): { from: string; to: string; next: boolean } {
  const [from = "", to = ""] = quiet.split("-");
  return { from, to, next: minutes(to) < minutes(from) };
}

/** What can be chosen: the full hours, and what stands. */
export function times(standing: string): string[] {
  const hours = Array.from({ length: 24 }, (_, hour) => text(hour * 60));
  return [...new Set([...hours, standing])].sort();
}
