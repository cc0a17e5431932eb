import { describe, expect, it } from "vitest";
import { passkeyTrouble, withoutSecrets } from "./webauthn";

describe("what leaves the page of a passkey", () => {
  it("never is what the extensions gave, only that they could", () => {
    const json = {
      id: "x",
      response: { signature: "s" },
      clientExtensionResults: {
        credProps: { rk: true },
        prf: { enabled: true, results: { first: "secret", second: "secret" } },
        largeBlob: { blob: "secret" },
      },
    };
    const sent = withoutSecrets(json);
    expect(JSON.stringify(sent)).not.toContain("secret");
    expect(sent).toEqual({
      id: "x",
      response: { signature: "s" },
      clientExtensionResults: { credProps: { rk: true }, prf: { enabled: true } },
    });
  });

  it("is nothing more where the extensions gave nothing", () => {
    expect(withoutSecrets({ id: "x" })).toEqual({ id: "x", clientExtensionResults: {} });
  });
});

describe("a passkey that was not given", () => {
  it("is told apart from a fault", () => {
    expect(passkeyTrouble(new DOMException("", "NotAllowedError"))).toBe("gaveUp");
    expect(passkeyTrouble(new DOMException("", "TimeoutError"))).toBe("gaveUp");
    expect(passkeyTrouble(new DOMException("", "InvalidStateError"))).toBe("known");
    expect(passkeyTrouble(new DOMException("", "SecurityError"))).toBe("unfit");
    expect(passkeyTrouble(new Error("offline"))).toBe(null);
  });
});
