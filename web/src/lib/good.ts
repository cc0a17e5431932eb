import { useEffect, useMemo, useState } from "react";

const MINUTE = 60_000;

/**
 * Until when something is good that is good for so many minutes from when it first appears here, and whether that is over: what
 * asks is drawn again when it is. All by the clock of this device: the server's may tell another time.
 */
export function useGood(what: string | undefined, minutes: number): { until: string; over: boolean } {
  const [over, setOver] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing is good from now on.
  const until = useMemo(() => new Date(Date.now() + minutes * MINUTE).toISOString(), [what, minutes]);
  useEffect(() => {
    if (what === undefined) return;
    const timer = setTimeout(() => setOver(what), minutes * MINUTE);
    return () => clearTimeout(timer);
  }, [what, minutes]);
  return { until, over: what !== undefined && over === what };
}
