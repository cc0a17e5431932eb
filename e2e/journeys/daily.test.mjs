// What a patient does between visits: chooses how to be told, marks an entry, asks why somebody read, and takes the log along.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, give, newcomer, program, say, SENTENCE } from "../support/people.mjs";
import { command, startServer } from "../support/server.mjs";

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
  const whose = size === "phone" ? "patient2" : "patient3";

  test(`on a ${size} everybody chooses how they are told, and security stays`, async () => {
    const { email } = await newcomer(server, size === "phone" ? "Listener" : "Hearer");
    await visit(browser, { url: server.url, size, name: `wishes on a ${size}` }, async (page) => {
      await comeIn(page, email, SENTENCE);
      await page.goto("/ledger");
      await page.getByRole("link", { name: "Tell me when somebody reads it" }).click();
      await page.getByRole("heading", { name: "Tell me when", level: 1 }).waitFor();
      const reads = page.getByLabel("How to tell me: Somebody reads my record");
      // Each choice is kept by itself; the next one comes when that was answered.
      const keep = async (choose) => {
        const kept = page.waitForResponse((answer) => answer.request().method() !== "GET" && answer.ok());
        await choose;
        await kept;
      };
      await keep(reads.selectOption({ label: "In the app, and one e-mail a day" }));
      await keep(page.getByLabel("It leaves at").selectOption("18:00"));
      await page.getByText("Saved").first().waitFor();
      await keep(page.getByLabel("From", { exact: true }).selectOption("22:00"));
      await keep(page.getByLabel("Until", { exact: true }).selectOption("08:00"));
      const security = page.getByLabel("How to tell me: Something happens to my account");
      assert.equal(await security.getByRole("option", { name: "Not at all" }).count(), 0);
      await Promise.all([axe(page), fitsTheScreen(page)]);
      await page.reload();
      await page.getByRole("heading", { name: "Your daily e-mail" }).waitFor();
      assert.equal(await reads.inputValue(), "daily");
      assert.equal(await page.getByLabel("It leaves at").inputValue(), "18:00");
      assert.equal(await page.getByLabel("Until", { exact: true }).inputValue(), "08:00");
    });
  });

  test(`on a ${size} a patient asks why somebody read, objects to the answer, and the administrator answers`, async () => {
    await endAllAccess(server, whose);
    const { account: patient } = await program(server, whose);
    const { account: doctor, token: reader } = await program(server, "doctor1");
    await give(server, whose, { type: "practitioner", id: doctor.practitioner });
    await say(server, `/api/patients/${patient.patient}/summary`, { token: reader });
    await visit(browser, { url: server.url, size, name: `a case on a ${size}` }, async (page) => {
      await comeIn(page, whose);
      await page.goto("/ledger");
      await page.getByRole("button", { name: "Only others, not me" }).click();
      await page.getByRole("button", { name: /^Details/ }).first().click();
      await page.getByRole("button", { name: "Question this access" }).click();
      const dialog = page.getByRole("dialog", { name: `Why did ${doctor.name} do this?` });
      await dialog.getByRole("textbox").fill("I was not with you that day.");
      await dialog.getByRole("button", { name: "Ask", exact: true }).click();
      await page.getByRole("link", { name: "See my cases" }).click();
      const mine = page.getByRole("article", { name: `Access by ${doctor.name}` }).first();
      await mine.getByText("Waits for an answer").waitFor();

      // The reader answers on a page of their own, and it arrives here.
      await visit(browser, { url: server.url, size, name: `a case answered on a ${size}` }, async (theirs) => {
        await comeIn(theirs, "doctor1");
        await theirs.goto("/cases");
        const asked = theirs.getByRole("article").filter({ hasText: patient.name }).first();
        await asked.getByLabel("Your answer").fill("I looked up your last results before calling you.");
        await asked.getByRole("button", { name: "Send" }).click();
        await asked.getByText("Answered").waitFor();
        await Promise.all([axe(theirs), fitsTheScreen(theirs)]);
      });
      await mine.getByText("I looked up your last results before calling you.").waitFor();
      await mine.getByLabel("Your message").fill("Nobody called me.");
      await mine.getByRole("button", { name: "I am not satisfied" }).click();
      await mine.getByText("Waits for an administrator").waitFor();
      await Promise.all([axe(page), fitsTheScreen(page)]);

      const text = "We looked into it and told the clinic what must change.";
      await visit(browser, { url: server.url, size, name: `a case decided on a ${size}` }, async (office) => {
        await comeIn(office, "admin1");
        await office.goto("/cases");
        const open = office.getByRole("article").filter({ hasText: patient.name }).filter({ hasText: "Nobody called me." });
        await open.getByText("Waits for an administrator").waitFor();
        await open.getByLabel("Your answer").fill(text);
        await open.getByRole("button", { name: "Send" }).click();
        await open.getByText("Answered").waitFor();
        await Promise.all([axe(office), fitsTheScreen(office)]);
      });
      await mine.getByText(text).waitFor();
      await mine.getByRole("button", { name: "Close the case" }).click();
      await mine.getByText("Closed").waitFor();

      // The log goes along as a file that needs no server to be checked.
      await page.goto("/ledger");
      await page.getByRole("button", { name: "Verify" }).click();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save entries and proofs" }).click();
      const file = await (await download).path();
      if (server.data) assert.match(await command(server, "ledger", "check", file), /entries/);
    });
  });

  test(`on a ${size} an entry that its patient marks is hidden from a doctor who was not given that area`, async () => {
    await endAllAccess(server, whose);
    const { account: patient } = await program(server, whose);
    const { account: doctor, token: reader } = await program(server, "doctor1");
    await give(server, whose, { type: "practitioner", id: doctor.practitioner });
    const found = await say(server, `/fhir/Condition?patient=${patient.patient}&_count=50`, { token: reader });
    const { id } = found.entry[0].resource;
    const seen = async () => {
      const response = await fetch(`${server.url}/fhir/Condition/${id}`, { headers: { Authorization: `Bearer ${reader}` } });
      return response.status;
    };
    await visit(browser, { url: server.url, size, name: `labels on a ${size}` }, async (page) => {
      await comeIn(page, whose);
      await page.goto(`/record/${patient.patient}/entry/Condition/${id}`);
      const labels = page.getByRole("heading", { name: "Sensitive areas" }).locator("xpath=ancestor::section[1]");
      const mark = async (on) => {
        await labels.getByLabel("Mental health").setChecked(on);
        const kept = page.waitForResponse((answer) => answer.url().endsWith("/labels") && answer.ok());
        await labels.getByRole("button", { name: "Save" }).click();
        await kept;
        await page.getByText("Saved. It holds from now on.").first().waitFor();
      };
      await labels.getByRole("button", { name: "Show" }).click();
      await mark(true);
      assert.equal(await seen(), 404);
      await Promise.all([axe(page), fitsTheScreen(page)]);
      await mark(false);
      assert.equal(await seen(), 200);
    });
  });
}
