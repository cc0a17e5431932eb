import type { ReactNode } from "react";

/** A part that scrolls by itself, with a name and reachable by keyboard. */
export function Scroll({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll here.
    <section aria-label={label} tabIndex={0} className={className}>
      {children}
    </section>
  );
}
