import { describe, expect, it } from "vitest";
import i18n from "@/lib/i18n";
import { actionText } from "./wording";

const said = (action: string, role: string, ground: string, what: string | null) =>
  actionText(i18n.t, { action, actor: { id: 7, name: "Ingrid", role }, ground, what } as never);

describe("what the log says that somebody did", () => {
  it("does not say that somebody gave access who got it", () => {
    for (const [ground, what] of [
      ["delegation", "Delegation"],
      ["guardianship", "Guardianship"],
    ] as const) {
      expect(said("grant", "patient", ground, what)).toBe("began to look after this record");
    }
    expect(said("grant", "administrator", "administration", "Guardianship")).toBe(
      "let somebody look after this record",
    );
    expect(said("revoke", "patient", "own record", "Delegation")).toBe(
      "ended an arrangement to look after this record",
    );
    expect(said("invite", "patient", "own record", "Delegation")).toBe("asked somebody to look after this record");
  });

  it("says of a grant that access was given, and of an act it does not know the code", () => {
    expect(said("grant", "patient", "own record", "Consent")).toBe("gave access");
    expect(said("grant", "patient", "own record", null)).toBe("gave access");
    expect(said("some-act", "patient", "own record", null)).toBe("some act");
  });
});
