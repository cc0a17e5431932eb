// The promise of the product, with both people at their screens at the same time: nothing without consent, everything
// with it, every reading in the patient's log, and nothing again the moment the consent ends.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, visit } from "../support/browser.mjs";
import { endAllAccess, goTo, program, settled, signIn } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";
import { within } from "../support/times.mjs";

/** What "at once" means on an open page of somebody else. */
const AT_ONCE_MS = 1_000;

let server;
let patients;
let doctors;

before(async () => {
  server = await startServer();
  [patients, doctors] = await Promise.all([startBrowser(), startBrowser()]);
});

after(async () => {
  await Promise.all([patients?.close(), doctors?.close()]);
  await server?.stop();
});

/** Resolves with the time at which an untouched page says these words, by the page's own clock and not the driver's. */
function says(page, words) {
  return page.evaluate((source) => {
    const wanted = new RegExp(source);
    return new Promise((resolve) => {
      const look = () => {
        if (!wanted.test(document.querySelector("main")?.textContent ?? "")) return;
        watcher.disconnect();
        resolve(Date.now());
      };
      const watcher = new MutationObserver(look);
      watcher.observe(document, { subtree: true, childList: true, characterData: true });
      look();
    });
  }, words);
}

/** Clicks, and answers when the page itself felt it. */
async function click(page, target) {
  await page.evaluate(() => {
    const note = () => (globalThis.clicked = Date.now());
    document.addEventListener("click", note, { capture: true, once: true });
  });
  await target.click();
  return page.evaluate(() => globalThis.clicked);
}

/** Does something on one screen, and measures until the other shows it. */
async function echo(t, what, act, shown) {
  const [begun, seen] = await Promise.all([act(), shown]);
  const ms = Math.round(seen - begun);
  t.diagnostic(`${what}: ${ms} ms`);
  within(ms, AT_ONCE_MS, what);
}

test("consent opens a record, the log shows the reading, and ending it closes the open page", async (t) => {
  await endAllAccess(server, "patient1");
  const { account: patient } = await program(server, "patient1");
  const { account: doctor } = await program(server, "doctor1");
  const record = `/record/${patient.patient}`;
  const common = { url: server.url, name: "story" };

  await visit(doctors, common, async (theirs) => {
    const status = async (path) => (await theirs.request.get(path)).status();
    const closed = [`/fhir/Patient/${patient.patient}`, `/api/patients/${patient.patient}/timeline`];

    // Given a doctor whom nobody has given anything: no list, no page, no answer.
    await signIn(theirs, "doctor1");
    await theirs.getByRole("heading", { name: "My patients" }).waitFor();
    await theirs.getByText("No patients yet").waitFor();
    await theirs.goto(record);
    await theirs.getByRole("heading", { name: "This record is closed" }).waitFor();
    assert.equal(await theirs.getByText(patient.name).count(), 0, "not even the name is told");
    for (const path of closed) assert.equal(await status(path), 404, path);
    const found = await (await theirs.request.get(`/fhir/Patient?_id=${patient.patient}`)).json();
    assert.equal(found.total, 0);
    await theirs.goto("/patients");
    await theirs.getByText("No patients yet").waitFor();
    // A page that is loaded again forgets this mark; the page the doctor has open must not be.
    await theirs.evaluate(() => (globalThis.untouched = true));

    await visit(patients, common, async (own) => {
      // When the patient gives access with the wizard, having seen what the doctor will see
      await signIn(own, "patient1");
      await own.getByRole("heading", { name: `Hello, ${patient.name.split(" ")[0]}` }).waitFor();
      const seen = await walkTheWizard(own, doctor);

      // Then the doctor's open list shows the patient.
      const row = theirs.getByRole("link", { name: patient.name });
      const give = own.getByRole("button", { name: "Give access" });
      await echo(t, "given → on the doctor's list", () => click(own, give), says(theirs, patient.name));
      await own.getByRole("article", { name: `Access of ${doctor.name}` }).waitFor();

      // And what the doctor reads is what the patient was shown, while it is written down in front of the patient.
      await goTo(own, "Who read it");
      await own.getByRole("heading", { name: "Who read my record" }).waitFor();
      await settled(own);
      const read = async () => {
        const answer = theirs.waitForResponse(/\/summary$/);
        await row.click();
        const request = (await answer).request();
        await (await answer).finished();
        return request.timing().startTime + request.timing().responseEnd;
      };
      await echo(t, "read → in the patient's log", read, says(own, `${doctor.name} read [^·]*summary`));
      const total = await readTheRecord(theirs, patient);
      assert.equal(total, seen, "the preview promised what the timeline shows");
      await checkTheLog(own, doctor);

      // When the patient ends it, then the open page loses the record, kindly, and the API says it never was.
      await goTo(own, "Sharing");
      const access = own.getByRole("article", { name: `Access of ${doctor.name}` }).filter({ hasText: "Active" });
      await access.getByRole("button", { name: "Stop access" }).click();
      const stop = own.getByRole("button", { name: "Stop now" });
      await echo(t, "ended → the open page is closed", () => click(own, stop), says(theirs, "This record is closed"));
      await own.getByText("Nobody but you can read your record", { exact: true }).waitFor();
    });

    await theirs.getByText("The patient has ended your access").waitFor();
    assert.equal(await theirs.getByText(patient.name).count(), 0, "nothing of the record stays on the page");
    assert.equal(await theirs.evaluate(() => globalThis.untouched), true, "the page was never loaded again");
    for (const path of closed) assert.equal(await status(path), 404, path);
    await theirs.getByRole("button", { name: "Back to the start" }).click();
    await theirs.getByText("No patients yet").waitFor();
  });
});

/** Through all four steps, up to the button that gives; answers how many entries the preview promises. */
async function walkTheWizard(own, doctor) {
  await goTo(own, "Sharing");
  await own.getByText("Nobody but you can read your record", { exact: true }).waitFor();
  await own.getByRole("link", { name: "Give access" }).click();
  await own.getByRole("searchbox", { name: "Name of a doctor or clinic" }).fill(doctor.name.split(" ").at(-1));
  await own.getByRole("radio", { name: doctor.name }).check();
  const next = own.getByRole("button", { name: "Next" });
  await next.click();
  await own.getByRole("heading", { name: `What may ${doctor.name} see?` }).waitFor();
  await own.getByRole("radio", { name: "The whole record" }).check();
  await next.click();
  await own.getByRole("radio", { name: "7 days" }).check();
  await next.click();
  const preview = own.getByRole("region", { name: "Preview" });
  await preview.waitFor();
  assert.ok((await preview.getByRole("listitem").count()) > 0, "the preview shows entries, not only numbers");
  const answer = await own.getByText("Entries they see").locator("xpath=..").innerText();
  return Number(answer.replaceAll(/\D/g, ""));
}

/** The doctor's round: summary, timeline, a laboratory value over time, one entry. Answers how many entries there are. */
async function readTheRecord(theirs, patient) {
  await theirs.getByRole("region", { name: `Open record: ${patient.name}` }).waitFor();
  await theirs.getByRole("heading", { name: "Problems" }).waitFor();
  const parts = theirs.getByRole("navigation", { name: "Parts of the record" });
  await parts.getByRole("link", { name: "Timeline" }).click();
  await theirs.getByRole("region", { name: "Entries" }).getByRole("heading").first().waitFor();
  const total = Number((await theirs.getByText(/^[\d,]+ entries$/).innerText()).replaceAll(/\D/g, ""));
  await parts.getByRole("link", { name: "Charts" }).click();
  await theirs.getByRole("searchbox", { name: "Find a measurement" }).fill("a1c");
  await theirs.getByRole("link", { name: /Hemoglobin A1c/ }).click();
  await theirs.locator("canvas").waitFor();
  await theirs.getByText(/\d+ readings between/).waitFor();
  await theirs.getByRole("button", { name: "Show as table" }).click();
  await theirs.getByRole("region", { name: "Readings as a table" }).getByRole("link").first().click();
  await theirs.getByRole("heading", { level: 1, name: /Hemoglobin A1c/ }).waitFor();
  await settled(theirs);
  return total;
}

/** Who, what, why, and the arithmetic, on the patient's page that has been open all the while. */
async function checkTheLog(own, doctor) {
  const row = own.getByRole("listitem").filter({ hasText: `${doctor.name} read an entry (reading)` });
  await row.first().waitFor();
  const told = await row.first().innerText();
  for (const part of [doctor.organizations[0].name, "Treatment", "your consent"]) {
    assert.ok(told.includes(part), `"${part}" is missing from: ${told}`);
  }
  // What the doctor's page still reads adds to the log, and a check speaks only of the entries it was made from.
  const log = () => own.getByRole("main").innerText();
  for (let before = ""; before !== (await log()); await own.waitForTimeout(1500)) before = await log();
  await own.getByRole("button", { name: "Verify", exact: true }).click();
  await own.getByText("Everything checks out").waitFor();
  await row.first().getByText("Proven").waitFor();
  await row.first().getByRole("button", { name: "Details" }).click();
  await row.first().getByText("Climb to the root").waitFor();
}
