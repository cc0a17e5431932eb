import { expect, test } from "vitest";
import en from "@/locales/en.json";
import later from "@/locales/en.later.json";
import ledger from "@/locales/en.ledger.json";
import other from "@/locales/en.other.json";
import i18n from "./i18n";

/** The paths of all texts. */
function paths(texts: object, at = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [`${at}${key}`] : paths(value as object, `${at}${key}.`),
  );
}

const ownTexts = new Set([...paths(en), ...paths(later), ...paths(ledger)]);

test("what is said in somebody else's record replaces a text that there is", () => {
  expect(paths(other).filter((path) => !ownTexts.has(path))).toEqual([]);
});

test("texts that come with their pages leave what is said in somebody else's record as it is", async () => {
  i18n.addResourceBundle("en", "translation", { yourData: { takeDo: "Download theirs" } }, true, true);
  await import("./laterWords");
  expect(i18n.t("yourData.takeDo")).toBe("Download theirs");
  expect(i18n.t("yourData.takePdf")).toBe("Only the PDF");
});

test("in somebody else's record nothing calls it one's own", () => {
  expect(JSON.stringify(other)).not.toMatch(/\byour (own )?record/i);
});
