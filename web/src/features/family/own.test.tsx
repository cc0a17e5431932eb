// @vitest-environment happy-dom
import { afterEach, expect, it } from "vitest";
import type { Account } from "@/api/types";
import { setProfile } from "@/lib/profile";
import { linked, shown } from "@/ui/shown";
import { FamilyPage } from "./FamilyPage";

afterEach(() => setProfile(null));

const page = async () =>
  (await shown(linked(<FamilyPage account={{ id: 1 } as Account} />), [[["family"], []]])).place.textContent;

it("somebody is asked to look after one's own record while it is open, and not from another's", async () => {
  expect(await page()).toContain("Ask somebody to look after me");
  setProfile({ account: 1, id: "p", name: "Mila" });
  expect(await page()).not.toContain("Ask somebody to look after me");
  expect(await page()).toContain("Go back to your own record");
});
