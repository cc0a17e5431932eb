// Chance that repeats: the same pictures on every run.
let state = 20260401;

export function chance() {
  state = (state * 1664525 + 1013904223) % 4294967296;
  return state / 4294967296;
}

export const between = (low, high) => low + chance() * (high - low);
export const pick = (list) => list[Math.floor(chance() * list.length)];

let last = 0;
export const nextId = (prefix) => `${prefix}-${(++last).toString(36).padStart(4, "0")}`;

export const NOW = Date.now();
export const DAY = 86_400_000;
export const iso = (ms) => new Date(ms).toISOString();
export const day = (ms) => iso(ms).slice(0, 10);
