// How long things may take. A busy machine is slow for reasons of its own, so a test run measures, prints, and fails only on
// what hangs; `npm run times` holds the limits, on a machine that does nothing else.

import assert from "node:assert/strict";

/** Whether the limits are held. */
export const judged = process.env.HEALTHSYNC_TIMES === "1";

/** Longer than this is no slowness any more. */
const HANGS_MS = 30_000;

/** The limit that counts now. */
export const limit = (ms) => (judged ? ms : HANGS_MS);

/** Fails when something took longer than it may. */
export function within(took, most, what) {
  assert.ok(took <= limit(most), `${what} took ${took.toFixed(0)} ms, and ${limit(most)} are allowed`);
}
