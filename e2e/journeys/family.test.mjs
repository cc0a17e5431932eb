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
        await page.getByRole("heading", { level: 1 }).waitFor();
        await axe(page);
      }
      await page.getByText("guardian of this child").first().waitFor();
      await page.getByText("began to look after this record").first().waitFor();
      await page.goto("/account");
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: `Download the record of ${given} Rao` }).click();
      await download;
      await page.getByText(`The record of ${given} Rao is not erased here.`).waitFor();
      assert.equal(await page.getByRole("button", { name: "Erase my record" }).count(), 0);
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

test("an administrator finds a child's guardians by the record's id, links another and ends it, saying why", async () => {
  const { token } = await program(server, "patient2");
  const born = `${new Date().getFullYear() - 5}-03-04`;
  const child = { given: "Elin", family: "Rao", birthDate: born, gender: "female" };
  const { patient } = await say(server, "/api/family/children", { token, body: child });
  await visit(browser, { url: server.url, size: "phone", name: "guardians", expected: [/404.*guardians\?patient=nobody/s] }, async (page) => {
    await comeIn(page, "admin1");
    await page.goto("/admin/guardians");
    const id = page.getByLabel("Id of the child's record");
    await id.fill("nobody");
    await page.getByRole("button", { name: "Find guardians" }).click();
    await page.getByText("No record has this id").waitFor();
    await id.fill(patient.id);
    await page.getByRole("button", { name: "Find guardians" }).click();
    await page.getByText("Guardian of Elin Rao").waitFor();
    await page.getByRole("button", { name: "Link a guardian" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("User name or e-mail address").fill("patient1");
    await form.getByLabel("What it rests on").fill("Birth certificate seen at the desk");
    await axe(page);
    await form.getByRole("button", { name: "Link", exact: true }).click();
    await page.getByText("Birth certificate seen at the desk").waitFor();
    await axe(page);
    await page.getByRole("button", { name: "End Asha Rao" }).click();
    await form.getByLabel("What it rests on").fill("The court decided otherwise");
    await form.getByRole("button", { name: "End it" }).click();
    await page.getByText("The court decided otherwise").waitFor();
  });
});

test("who was let look at a part finds no way that ends in a refusal, and reads why where there is none", async () => {
  const [one, other] = [await program(server, "patient2"), await program(server, "patient1")];
  const form = { person: "patient1", acts: false, categories: ["vital"], labels: [], until: null };
  await say(server, "/api/family/delegations", { token: one.token, body: form });
  const { delegations } = await say(server, "/api/family", { token: other.token });
  const asked = delegations.find((each) => each.mine && each.state === "waiting" && each.kind === "delegation");
  await say(server, `/api/family/${asked.id}/accept`, { token: other.token, body: {} });
  await visit(browser, { url: server.url, size: "desktop", name: "family-part" }, async (page) => {
    await comeIn(page, "patient1");
    await page.goto("/family");
    await page.getByRole("button", { name: `Open the record of ${one.account.name}` }).click();
    const ways = page.getByRole("navigation", { name: "Main" });
    const band = page.getByRole("region", { name: "Whose record is open" });
    await band.getByText("you look after a part of it").waitFor();
    await ways.getByRole("link", { name: "Documents" }).waitFor();
    for (const refused of ["Cases", "Sharing", "Changes"]) {
      assert.equal(await ways.getByRole("link", { name: refused, exact: true }).count(), 0, refused);
    }
    for (const path of ["/cases", "/sharing"]) {
      await page.goto(path);
      await page.getByText("You look after a part of this record", { exact: true }).waitFor();
      assert.equal(await page.getByRole("alert").count(), 0, path);
      await axe(page);
    }
    await page.goto("/changes");
    await page.getByText("You were let look at a part of this record.").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });
});
