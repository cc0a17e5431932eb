import { useEffect, useState } from "react";

/** Whether a moment has come: what asks is drawn again when it does. */
export function useOver(until: string | undefined): boolean {
  const end = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!Number.isFinite(end)) return;
    const timer = setTimeout(() => setNow(Math.max(Date.now(), end)), Math.max(end - Date.now(), 0));
    return () => clearTimeout(timer);
  }, [end]);
  return now >= end;
}
