// Two people at one desk, each with a browser of their own: a code shown, read by the other, and access given with one tap.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, program, say } from "../support/people.mjs";
import { readQr } from "../support/qr.mjs";
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

test("from the patient's code to the doctor's reading takes less than ten seconds", async (t) => {
  await endAllAccess(server, "patient1");
  const { account: patient, token } = await program(server, "patient1");
  const { account: doctor } = await program(server, "doctor1");
  const name = "desk, patient shows";
  await visit(browser, { url: server.url, size: "phone", sharp: true, name }, async (own) => {
    await comeIn(own, "patient1");
    await own.goto("/desk");
    // A spent code is refused, and the browser says so.
    const expected = [/422/];
    await visit(browser, { url: server.url, name, expected }, async (theirs) => {
      await comeIn(theirs, "doctor1");
      await theirs.goto("/patients");
      await theirs.getByText("No patients yet").waitFor();
      const start = performance.now();
      await own.getByRole("button", { name: "Show a code" }).click();
      const code = own.getByRole("article", { name: "Code for the desk" }).getByRole("img");
      await code.waitFor();
      const address = await readQr(browser, await code.screenshot());
      assert.ok(address.startsWith(`${server.url}/desk/scan?code=`), address);
      await theirs.goto(address);
      await theirs.getByText("Waiting for your patient").waitFor();
      const asked = own.getByRole("region", { name: new RegExp(`^${doctor.name} .*wants to read your record`) });
      await asked.getByRole("button", { name: "Give access" }).click();
      await theirs.waitForURL(`**/record/${patient.patient}`);
      await theirs.getByRole("heading", { name: "Problems" }).waitFor();
      const seconds = (performance.now() - start) / 1000;
      t.diagnostic(`from the patient's code to the doctor's reading: ${seconds.toFixed(2)} s`);
      assert.ok(seconds <= 10, `${seconds} s`);
      await own.getByText(`${doctor.name} can read your record now`).waitFor();
      // The same code is good no more.
      await theirs.goto(address);
      await theirs.getByText("This code is not good").waitFor();
    });
  });
  const { grants } = await say(server, "/api/grants", { token });
  const hours = (Date.parse(grants[0].until) - Date.parse(grants[0].created)) / 3_600_000;
  assert.equal(Math.round(hours), 4, "as long as a visit");
  assert.deepEqual(grants[0].labels, []);
  await endAllAccess(server, "patient1");
});

test("a doctor's code brings the patient to the page that gives, and the digits do as well as the picture", async () => {
  await endAllAccess(server, "patient2");
  const { account: patient } = await program(server, "patient2");
  const { account: doctor } = await program(server, "doctor2");
  const name = "desk, doctor shows";
  await visit(browser, { url: server.url, name }, async (theirs) => {
    await comeIn(theirs, "doctor2");
    await theirs.goto("/desk");
    await theirs.getByRole("button", { name: "Show a code" }).click();
    const card = theirs.getByRole("article", { name: "Code for the desk" });
    await card.waitFor();
    const digits = /\d{4}\s*\d{4}/.exec(await card.innerText())[0];
    await visit(browser, { url: server.url, size: "phone", sharp: true, name }, async (own) => {
      await comeIn(own, "patient2");
      await own.goto("/desk/scan");
      await own.getByLabel("Or type the eight digits").fill(digits);
      await own.getByRole("button", { name: "Next" }).click();
      const asked = own.getByRole("region", { name: new RegExp(`^${doctor.name} .*wants to read your record`) });
      await asked.getByRole("radio", { name: "A day" }).check();
      await asked.getByRole("button", { name: "Give access" }).click();
      await theirs.waitForURL(`**/record/${patient.patient}`);
      await own.getByRole("link", { name: "See what you share" }).click();
      const given = own.getByRole("article", { name: `Access of ${doctor.name}` }).first();
      await given.getByRole("button", { name: "History" }).click();
      const history = own.getByRole("list", { name: `History of the access of ${doctor.name}` });
      await history.getByText("Given").waitFor();
      await given.getByRole("button", { name: "Renew for the same time" }).click();
      await history.getByText("Renewed").waitFor();
      await history.getByRole("button", { name: "Agreed to text 1" }).last().click();
      await own.getByRole("dialog").getByText("Every reading is written into your access log").waitFor();
    });
  });
  await endAllAccess(server, "patient2");
});

test("whoever chooses in detail and comes back, or loads the page again, finds the doctor who is there still", async () => {
  await endAllAccess(server, "patient1");
  const { account: doctor, token } = await program(server, "doctor1");
  await visit(browser, { url: server.url, size: "phone", name: "desk, patient comes back" }, async (own) => {
    await comeIn(own, "patient1");
    await own.goto("/desk");
    await own.getByRole("button", { name: "Show a code" }).click();
    const card = own.getByRole("article", { name: "Code for the desk" });
    await card.waitFor();
    const code = /\d{4}\s*\d{4}/.exec(await card.innerText())[0].replace(/\s/g, "");
    await say(server, "/api/desk/meet", { token, body: { code } });
    const asked = own.getByRole("region", { name: new RegExp(`^${doctor.name} .*wants to read your record`) });
    await asked.getByRole("link", { name: "Choose in detail" }).click();
    await own.getByRole("heading", { name: `What may ${doctor.name} see?` }).waitFor();
    await own.goBack();
    await asked.waitFor();
    await own.reload();
    await asked.getByRole("button", { name: "Not now" }).click();
    await own.getByText("This meeting is over").waitFor();
  });
});
