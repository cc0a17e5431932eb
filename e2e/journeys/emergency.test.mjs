// An emergency: three steps to the summary, told to the patient's open page at once, reviewed by somebody else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, program, say } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";
import { within } from "../support/times.mjs";

/** From the page's opening to the summary. */
const OPEN_WITHIN_MS = 20_000;
/** From there until the patient's open page says so. */
const TOLD_WITHIN_MS = 2_000;

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

test("a doctor opens a record in an emergency, the patient sees it at once and ends it, and it is reviewed", async (t) => {
  await endAllAccess(server, "patient3");
  const { account: patient, token } = await program(server, "patient3");
  const { account: doctor } = await program(server, "doctor2");
  const own = await say(server, `/fhir/Patient/${patient.patient}`, { token });
  const name = "emergency";
  await visit(browser, { url: server.url, size: "phone", name }, async (theirs) => {
    await comeIn(theirs, "patient3");
    await theirs.goto("/sharing");
    await theirs.getByText("Nobody but you can read your record").waitFor();

    await visit(browser, { url: server.url, name }, async (page) => {
      await comeIn(page, "doctor2");
      await page.goto("/patients");
      const begun = performance.now();
      await page.getByRole("link", { name: "Emergency" }).click();
      await page.getByLabel("Family name").fill(own.name[0].family);
      await page.getByLabel("First name (optional)").fill(own.name[0].given[0]);
      await page.getByRole("textbox", { name: "Date of birth" }).fill(own.birthDate);
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("radio", { name: patient.name }).waitFor();
      await page.getByRole("button", { name: "Unconscious, cannot be asked" }).click();
      await axe(page);
      await page.getByRole("button", { name: /^Open the summary/ }).click();
      await page.getByText("Emergency access: summary").waitFor();
      const opened = performance.now();
      const card = theirs.getByRole("article", { name: `Access of ${doctor.name}` });
      await card.getByText("Unconscious, cannot be asked").waitFor();
      const told = performance.now() - opened;
      t.diagnostic(`open after ${(opened - begun).toFixed(0)} ms, told ${told.toFixed(0)} ms after that`);
      within(opened - begun, OPEN_WITHIN_MS, "opening the summary");
      within(told, TOLD_WITHIN_MS, "telling the patient");
      await axe(theirs);

      await page.getByRole("button", { name: "Open the whole record" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Open the whole record" }).click();
      await page.getByText("Emergency access: whole record").waitFor();
      await axe(page);

      await card.getByRole("button", { name: "Stop access" }).click();
      await theirs.getByRole("dialog").getByRole("button", { name: "Stop now" }).click();
      await page.getByRole("heading", { name: "This record is closed" }).waitFor();
    });
    await theirs.goto("/ledger");
    await theirs.getByText("opened in an emergency").first().waitFor();
    await theirs.getByRole("button", { name: "Verify", exact: true }).click();
    await theirs.getByText("Everything checks out").waitFor();
    const proofs = await theirs.evaluate(() => performance.getEntriesByName("ledger proof").map((one) => one.duration));
    assert.ok(proofs.length > 0, "proofs were checked in the browser");
    proofs.sort((one, other) => one - other);
    const [middle, most] = [proofs[proofs.length >> 1], proofs.at(-1)].map((ms) => ms.toFixed(1));
    t.diagnostic(`${proofs.length} proofs, checked in ${middle} ms each, ${most} ms at most`);
  });
  await visit(browser, { url: server.url, name: "emergency review" }, async (page) => {
    await comeIn(page, "admin1");
    await page.goto("/admin/emergencies");
    const one = page.getByRole("article", { name: `Emergency access by ${doctor.name}` });
    await one.getByText("Waits for review").waitFor();
    await axe(page);
    await one.getByRole("button", { name: "Not justified" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Why was it not justified?").fill("The patient could be asked.");
    await dialog.getByRole("button", { name: "Not justified" }).click();
    await one.getByText("Not justified").waitFor();
  });
});
