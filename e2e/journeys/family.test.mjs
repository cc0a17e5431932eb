// Family: a mother adds a child, opens the record, always sees whose it is, and comes back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, program, say } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const size of ["phone", "desktop"]) {
  test(`one account looks after a child, and the page says whose record is open (${size})`, async () => {
    const { account } = await program(server, "patient2");
    const given = size === "phone" ? "Mila" : "Noor";
    await visit(browser, { url: server.url, size, name: `family-${size}` }, async (page) => {
      await comeIn(page, "patient2");
      await page.goto("/family");
      await page.getByRole("button", { name: "Add a child" }).click();
      const form = page.getByRole("dialog");
      await form.getByLabel("First name").fill(given);
      await form.getByLabel("Family name").fill("Rao");
      await form.getByLabel("Date of birth").fill(`${new Date().getFullYear() - 9}-03-04`);
      await axe(page);
      await form.getByRole("button", { name: "Add", exact: true }).click();
      await axe(page);
      await page.getByRole("button", { name: `Open the record of ${given} Rao` }).click();
      const band = page.getByRole("region", { name: "Whose record is open" });
      for (const path of ["/home", "/sharing", "/ledger"]) {
        await page.goto(path);
        await band.getByText(`You are in the record of ${given} Rao.`).waitFor();
        await axe(page);
      }
      await page.getByText("guardian of this child").first().waitFor();
      await page.getByRole("button", { name: "Back to my record" }).click();
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.equal(await band.count(), 0);
    });
    const { token } = await program(server, "patient2");
    const { delegations } = await say(server, "/api/family", { token });
    const child = delegations.find((one) => one.patient.name === `${given} Rao`);
    assert.ok(child.mine && child.patient.id !== account.patient);
  });
}
