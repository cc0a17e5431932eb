import { expect, test } from "vitest";
import { advise, momentOf } from "./guide";

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
