// Sealed edits: a doctor proposes, the patient reads the difference and tells a code, and only then it stands in the record.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, give, program, say } from "../support/people.mjs";
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

/** The digits as somebody reads them to another. */
async function readCode(page) {
  const shown = page.getByRole("status").filter({ hasText: "this code" });
  const digits = (await shown.innerText()).replaceAll(/[^0-9\n ]/g, "").match(/\d{4}\s+\d{4}/);
  assert.ok(digits, "the code is shown");
  return digits[0].replaceAll(/\s/g, " ");
}

for (const size of ["phone", "desktop"]) {
  test(`on a ${size} a patient approves what a doctor proposes, and a visit needs one code`, async () => {
    const whose = size === "phone" ? "patient2" : "patient3";
    await endAllAccess(server, whose);
    const { account: patient, token } = await program(server, whose);
    const { account: doctor } = await program(server, "doctor1");
    await give(server, whose, { type: "practitioner", id: doctor.practitioner });
    const name = `edits on a ${size}`;
    await visit(browser, { url: server.url, size, name }, async (own) => {
      await comeIn(own, whose);
      await own.goto("/home");
      await own.getByRole("heading", { name: /^Hello/ }).waitFor();

      // A wrong code is one of the steps.
      const expected = [/status of 422 .*land/];
      await visit(browser, { url: server.url, size, name, expected }, async (page) => {
        await comeIn(page, "doctor1");
        await page.goto(`/record/${patient.patient}`);
        await page.getByRole("link", { name: "Propose a change" }).click();
        await page.getByRole("button", { name: "Result" }).click();
        await page.getByRole("button", { name: "Send to the patient" }).click();
        await page.getByText("This is needed").first().waitFor();
        await page.getByLabel("What", { exact: true }).fill("Potassium");
        await page.getByLabel("Value").fill("4.10");
        await page.getByLabel("Unit").fill("mmol/L");
        await page.getByLabel("Measured on").fill("2026-02-03");
        await page.getByLabel("Why").fill("From the letter you brought");
        await Promise.all([axe(page), fitsTheScreen(page)]);
        await page.getByRole("button", { name: "Send to the patient" }).click();
        const mine = page.getByRole("article", { name: `Change: ${patient.name}` }).first();
        await mine.getByRole("heading", { name: "Potassium" }).waitFor();

        // It arrives on the open page of the patient.
        const asked = own.getByRole("article", { name: `Change: ${doctor.name}` });
        await asked.getByText("4.10 mmol/L").waitFor();
        await asked.getByRole("button", { name: "Approve and show the code" }).click();
        const code = await readCode(own);
        await Promise.all([axe(own), fitsTheScreen(own)]);

        await mine.getByLabel("The patient's code").fill("0000 0000");
        await mine.getByRole("button", { name: "Put it into the record" }).click();
        await mine.getByText(/tries are left/).waitFor();
        await mine.getByLabel("The patient's code").fill(code);
        await mine.getByRole("button", { name: "Put it into the record" }).click();
        await page.getByRole("article", { name: `Change: ${patient.name}` }).getByText("In the record").first().waitFor();

        await page.goto(`/record/${patient.patient}/propose`);
        await page.getByRole("button", { name: "Ask for the visit" }).click();
        await page.getByText("The patient has been asked").waitFor();
        await own.goto("/changes");
        const session = own.getByRole("article", { name: `Visit: ${doctor.name}` });
        await session.getByRole("button", { name: "Allow it and show the code" }).click();
        const visitCode = await readCode(own);
        await axe(own);
        await page.goto("/changes");
        const visits = page.getByRole("article", { name: `Visit: ${patient.name}` });
        await visits.getByLabel("The patient's code").fill(visitCode);
        await visits.getByRole("button", { name: "Start" }).click();
        await visits.getByRole("button", { name: "End it" }).waitFor();
        await page.goto(`/record/${patient.patient}/propose`);
        await page.getByText("This visit is open").waitFor();
        await page.getByLabel("What", { exact: true }).fill("Hay fever");
        await page.getByLabel("Why").fill("Told today");
        await page.getByRole("button", { name: "Put it into the record" }).click();
        await page.getByText("It stands in the record", { exact: true }).waitFor();
      });
    });
    const found = await say(server, `/fhir/Condition?patient=${patient.patient}&_count=100`, { token });
    assert.ok(found.entry.some((entry) => entry.resource.code.text === "Hay fever"));
  });
}
