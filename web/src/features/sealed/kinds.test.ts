import { describe, expect, it } from "vitest";
import { unfit } from "./kinds";

const bytes = (content: string) => Uint8Array.from(content, (letter) => letter.charCodeAt(0));

describe("what may be sealed", () => {
  it("takes what is what its ending says", () => {
    for (const [name, content] of [
      ["report.PDF", "%PDF-1.7\n"],
      ["photo.jpeg", "\xff\xd8\xff\xe0"],
      ["scan.tiff", "MM\0*"],
      ["letter.docx", "PK\x03\x04"],
      ["notes.txt", "caf\xc3\xa9"],
      ["old.txt", "caf\xe9 in Latin-1"],
    ] as const)
      expect(unfit(name, bytes(content)), name).toBeNull();
  });

  it("refuses nothing, programs, and what only calls itself a document", () => {
    expect(unfit("a.pdf", bytes(""))).toBe("empty");
    expect(unfit("app.exe", bytes("MZ\x90"))).toBe("unknown-type");
    expect(unfit("page.html", bytes("<html>"))).toBe("unknown-type");
    expect(unfit("noending", bytes("text"))).toBe("unknown-type");
    expect(unfit("app.pdf", bytes("MZ\x90"))).toBe("damaged");
    expect(unfit("app.txt", bytes("MZ\x90\0\x03"))).toBe("damaged");
  });
});
