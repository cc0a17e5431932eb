import type { Gesture } from "@/api/types";

const OPEN_EYES = (
  <>
    <circle cx="23" cy="28" r="2.6" fill="currentColor" stroke="none" />
    <circle cx="41" cy="28" r="2.6" fill="currentColor" stroke="none" />
  </>
);
const MOUTH = <path d="M25 42h14" />;

const DRAWN: Record<Gesture, React.ReactNode> = {
  blink: (
    <>
      <path d="M19 28q4 4 8 0M37 28q4 4 8 0" />
      {MOUTH}
    </>
  ),
  smile: (
    <>
      {OPEN_EYES}
      <path d="M21 38q11 12 22 0" />
    </>
  ),
  "open-mouth": (
    <>
      {OPEN_EYES}
      <ellipse cx="32" cy="43" rx="5.5" ry="7" />
    </>
  ),
  "turn-left": (
    <>
      <circle cx="18" cy="28" r="2.6" fill="currentColor" stroke="none" />
      <circle cx="33" cy="28" r="2.6" fill="currentColor" stroke="none" />
      <path d="M19 42h11M9 54H1m4-4-4 4 4 4" />
    </>
  ),
  "turn-right": (
    <>
      <circle cx="31" cy="28" r="2.6" fill="currentColor" stroke="none" />
      <circle cx="46" cy="28" r="2.6" fill="currentColor" stroke="none" />
      <path d="M34 42h11M55 54h8m-4-4 4 4-4 4" />
    </>
  ),
  "look-up": (
    <>
      <circle cx="23" cy="20" r="2.6" fill="currentColor" stroke="none" />
      <circle cx="41" cy="20" r="2.6" fill="currentColor" stroke="none" />
      <path d="M25 33h14M58 14V4m-4 4 4-4 4 4" />
    </>
  ),
};

/** A face that does it, as one sees oneself in a mirror. */
export function GestureIcon({ gesture }: { gesture: Gesture }) {
  return (
    <svg
      viewBox="0 0 64 64"
      fill="none"
      stroke="currentColor"
      strokeWidth="3"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <ellipse cx="32" cy="32" rx="21" ry="27" />
      {DRAWN[gesture]}
    </svg>
  );
}
