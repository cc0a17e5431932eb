import { expect, test } from "vitest";
import { advise, momentOf, Patience } from "./guide";

const face = { x: 0.5, y: 0.5, width: 0.4, height: 0.5, light: 0.5 };

test("the first thing to change is said, and nothing when all is well", () => {
  expect(advise({ faces: 1, face })).toBe("good");
  expect(advise({ faces: 0 })).toBe("nobody");
  expect(advise({ faces: 2 })).toBe("crowd");
  expect(advise({ faces: 1, face: { ...face, height: 0.2 } })).toBe("closer");
  expect(advise({ faces: 1, face: { ...face, height: 0.8 } })).toBe("further");
  expect(advise({ faces: 1, face: { ...face, x: 0.7 } })).toBe("middle");
  expect(advise({ faces: 1, face: { ...face, light: 0.1, height: 0.1 } })).toBe("dark");
  expect(advise({ faces: 1, face: { ...face, light: 0.95 } })).toBe("bright");
});

test("a prompt is shown inside its window only", () => {
  const prompts = [
    { from: 1000, until: 2000 },
    { from: 3000, until: 4000 },
  ];
  expect(momentOf(prompts, 500)).toEqual({ prompt: null, done: 0.125 });
  expect(momentOf(prompts, 1000).prompt).toBe(0);
  expect(momentOf(prompts, 2500).prompt).toBeNull();
  expect(momentOf(prompts, 3500).prompt).toBe(1);
  expect(momentOf(prompts, 9000)).toEqual({ prompt: null, done: 1 });
});

test("nobody is looked for longer than half a minute, and nobody is helped for longer than two", () => {
  for (const [pace, times] of [
    ["usual", 1],
    ["slow", 2],
  ] as const) {
    const empty = new Patience(1000, pace);
    empty.note("nobody", 1000 + 29_000 * times);
    expect(empty.isOver(999 + 30_000 * times)).toBe(false);
    expect(empty.isOver(1000 + 30_000 * times)).toBe(true);

    // Whoever is seen, or cannot be looked at because the server is busy, is not sent away as if nobody were there.
    const there = new Patience(0, pace);
    for (const advice of ["dark", "crowd", null] as const) {
      there.note(advice, 29_000 * times);
      expect(there.isOver(58_000 * times)).toBe(false);
    }
    there.note("closer", 119_000 * times);
    expect(there.isOver(119_999 * times)).toBe(false);
    expect(there.isOver(120_000 * times)).toBe(true);
  }
});
