// What people keep of themselves: written once, seen on the card and by the doctor, and taken back with one tap.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, give, inDirectory, LICENCE, program } from "../support/people.mjs";
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

test("an allergy, a medicine, insurance, a picture and an address are kept, and seen where they are needed", async () => {
  await endAllAccess(server, "patient1");
  const { account: doctor } = await program(server, "doctor1");
  const { account: patient } = await program(server, "patient1");
  await visit(browser, { url: server.url, size: "phone", name: "profile" }, async (page) => {
    await comeIn(page, "patient1");
    await page.goto("/profile");
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Add an allergy" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Say what it is.").waitFor();
    await dialog.getByLabel("Allergy").fill("latex");
    await page.getByRole("option", { name: /Allergy to latex/ }).click();
    await dialog.getByLabel("What happens").fill("Hives");
    await dialog.getByLabel("Can be dangerous").check();
    await dialog.getByRole("button", { name: "Save" }).click();
    const latex = page.getByRole("list", { name: "Allergies" }).getByRole("listitem").filter({ hasText: "latex" });
    await latex.getByText("Added by you").waitFor();

    await page.getByRole("button", { name: "Add a medicine" }).click();
    await dialog.getByLabel("Medicine", { exact: true }).fill("Grandmother's tea");
    await dialog.getByLabel("How you take it").fill("One cup at night");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("list", { name: "Medicines" }).getByText("Grandmother's tea").waitFor();

    await page.getByRole("button", { name: "Add insurance" }).click();
    await dialog.getByLabel("Who pays").fill("City Health");
    await dialog.getByLabel("Member number").fill("A-1");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("list", { name: "Insurance" }).getByText("City Health").waitFor();
    await page.getByRole("button", { name: "Remove City Health" }).click();
    await page.getByRole("list", { name: "Insurance" }).getByText("City Health").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("list", { name: "Insurance" }).getByText("City Health").waitFor();

    await page.getByRole("button", { name: "Add a picture" }).click();
    await dialog.locator("input[type=file]").setInputFiles(LICENCE);
    await dialog.getByRole("img", { name: "The part of the picture that is kept" }).waitFor();
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Change the picture" }).waitFor();

    await page.getByRole("button", { name: "Change", exact: true }).click();
    await page.getByLabel("Telephone").fill("call me");
    await page.getByLabel("Town").fill("Pune");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Write a telephone number").waitFor();
    assert.equal(await page.getByLabel("Town").inputValue(), "Pune", "what was written stays");
    await page.getByLabel("Telephone").fill("+91 20 555 0100");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("+91 20 555 0100").waitFor();
    await fitsTheScreen(page);
    await axe(page);

    await page.getByRole("link", { name: /This is wrong/ }).first().click();
    await page.getByRole("dialog").getByLabel("What is wrong").waitFor();
    await page.goto("/emergency-card");
    const card = page.getByRole("article", { name: "Emergency card of Asha Rao" });
    await card.getByText("Allergy to latex").waitFor();
    await card.getByText("Grandmother's tea").waitFor();
  });

  const { id } = await inDirectory(server, "patient1", "practitioner", doctor.name.split(" ").at(-1));
  await give(server, "patient1", { type: "practitioner", id });
  await visit(browser, { url: server.url, name: "profile seen by the doctor" }, async (page) => {
    await comeIn(page, "doctor1");
    await page.goto(`/record/${patient.patient}/timeline?by=patient`);
    const latex = page.locator("a[data-row]").filter({ hasText: "Allergy to latex" });
    await latex.getByText("Added by the patient").waitFor();
    await page.getByRole("region", { name: "Open record: Asha Rao" }).locator("img").waitFor();
  });
  await endAllAccess(server, "patient1");
});
