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

/** The patient says that what landed is wrong; whoever wrote it proposes other words, and the patient approves those too. */
async function isWrong({ own, page, patient, doctor, token }) {
  const drafts = await say(server, "/api/edits", { token: (await program(server, "doctor1")).token });
  const { id } = drafts.edits.find((each) => each.changes[0].title.startsWith("Potassium")).changes[0];
  await own.goto(`/record/${patient.patient}/entry/Observation/${id}`);
  await own.getByRole("button", { name: "This is wrong" }).click();
  const wrong = own.getByRole("dialog", { name: "Potassium is wrong" });
  await wrong.getByLabel("What is wrong").fill("The letter says sodium.");
  await wrong.getByLabel("What it should say (if you know)").fill("Sodium");
  await Promise.all([axe(own), fitsTheScreen(own)]);
  await wrong.getByRole("button", { name: "Ask for a correction" }).click();
  await own.getByRole("link", { name: "See my cases" }).click();
  const named = `Potassium, by ${doctor.name}`;
  const mine = own.getByRole("article", { name: named });
  await mine.getByText("Waits for an answer").waitFor();
  await page.goto("/cases");
  const theirs = page.getByRole("article", { name: named });
  await theirs.getByText("The letter says sodium.").waitFor();
  await theirs.getByRole("button", { name: "Propose a correction" }).click();
  const fix = page.getByRole("dialog", { name: "Correct Potassium" });
  assert.equal(await fix.getByLabel("What it says instead").inputValue(), "Sodium");
  await fix.getByLabel("Why it changes").fill("You are right");
  await Promise.all([axe(page), fitsTheScreen(page)]);
  await fix.getByRole("button", { name: "Propose to the patient" }).click();
  await fix.waitFor({ state: "detached" });
  await own.goto("/changes");
  const asked = own.getByRole("article", { name: `Change: ${doctor.name}` }).filter({ hasText: "You are right" });
  await asked.getByRole("button", { name: "Approve and show the code" }).click();
  const code = await readCode(own);
  await page.goto("/changes");
  const draft = page.getByRole("article", { name: `Change: ${patient.name}` }).filter({ hasText: "You are right" });
  await draft.getByLabel("The patient's code").fill(code);
  await draft.getByRole("button", { name: "Put it into the record" }).click();
  await draft.getByText("In the record").first().waitFor();
  await own.goto("/cases");
  await mine.getByText("Corrected", { exact: true }).waitFor();
  await mine.getByRole("button", { name: "Close the case" }).click();
  await mine.getByText("Closed").waitFor();
  const answer = await fetch(`${server.url}/fhir/Observation/${id}`, { headers: { Authorization: `Bearer ${token}` } });
  const text = await answer.text();
  assert.ok(text.includes('"Sodium"') && text.includes("4.10") && !text.includes("Potassium"), text);
}

/** A doctor in a visit marks an entry as sensitive, and takes their own mark back. */
async function marksInTheVisit(page, patient, token) {
  const found = await say(server, `/fhir/Condition?patient=${patient.patient}&_count=100`, { token });
  const { id } = found.entry.find((entry) => entry.resource.code.text === "Hay fever").resource;
  await page.goto(`/record/${patient.patient}/entry/Condition/${id}`);
  const labels = page.getByRole("heading", { name: "Sensitive areas" }).locator("xpath=ancestor::section[1]");
  await labels.getByText("During this visit you can mark an entry").waitFor();
  await labels.getByRole("button", { name: "Show" }).click();
  await labels.getByLabel("Genetics").setChecked(true);
  const kept = page.waitForResponse((answer) => answer.url().endsWith("/labels") && answer.ok());
  await labels.getByRole("button", { name: "Save" }).click();
  await kept;
  const said = await say(server, `/api/entries/Condition/${id}/labels`, { token });
  assert.deepEqual(said.labels, [{ label: "genetics", by: "practitioner" }]);
}

for (const size of ["phone", "desktop"]) {
  test(`on a ${size} a patient approves what a doctor proposes, and a visit needs one code`, async () => {
    const whose = size === "phone" ? "patient2" : "patient3";
    await endAllAccess(server, whose);
    const { account: patient, token } = await program(server, whose);
    const { account: doctor } = await program(server, "doctor1");
    // With the area that the doctor marks an entry by later: else it would be hidden from themselves.
    await give(server, whose, { type: "practitioner", id: doctor.practitioner }, { labels: ["genetics"] });
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
        await page.getByLabel("State").selectOption("Final");
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

        if (size === "phone") await isWrong({ own, page, patient, doctor, token });

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
        await page.getByLabel("State").selectOption("Active");
        await page.getByLabel("Why").fill("Told today");
        await page.getByRole("button", { name: "Put it into the record" }).click();
        await page.getByText("It stands in the record", { exact: true }).waitFor();
        await marksInTheVisit(page, patient, token);
      });
    });
    const found = await say(server, `/fhir/Condition?patient=${patient.patient}&_count=100`, { token });
    assert.ok(found.entry.some((entry) => entry.resource.code.text === "Hay fever"));
  });
}
