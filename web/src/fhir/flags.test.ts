import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { flagOf, flagOfWhole } from "./flags";

interface Example {
  says: string;
  element: Record<string, unknown>;
  flag: string | null;
}

const SERVER = new URL("../../../crates/records/src/view/flags.json", import.meta.url);
const examples = JSON.parse(readFileSync(SERVER, "utf8")) as Example[];

describe("what is out of the ordinary, as the server says it", () => {
  it.each(examples)("$says", ({ element, flag }) => {
    expect(flagOf(element) ?? null).toBe(flag);
  });

  it("is of a panel the gravest of its parts", () => {
    const part = (code: string) => ({ interpretation: [{ coding: [{ code }] }] });
    expect(flagOfWhole({ component: [part("HH"), part("L")] })).toBe("critical");
    expect(flagOfWhole({ component: [part("L"), part("N")] })).toBe("low");
    expect(flagOfWhole({ component: [part("N")] })).toBeUndefined();
    expect(flagOfWhole({ valueString: "fine", component: [part("HH")] })).toBeUndefined();
  });
});
