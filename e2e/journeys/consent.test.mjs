// What a consent covers, who asks for it, and how the other side learns of the answer.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, give, goTo, inDirectory, program, say, settled } from "../support/people.mjs";
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

test("a doctor asks, the patient sees it at once, gives less than was asked, and the doctor sees exactly that", async () => {
  await endAllAccess(server, "patient2");
  const { account: patient } = await program(server, "patient2");
  const { account: doctor } = await program(server, "doctor1");
  const name = "request";
  await visit(browser, { url: server.url, name }, async (own) => {
    await comeIn(own, "patient2");
    await own.goto("/home");
    await own.getByRole("heading", { name: /^Hello/ }).waitFor();

    await visit(browser, { url: server.url, size: "phone", name }, async (theirs) => {
      await comeIn(theirs, "doctor1");
      await theirs.goto("/requests/new");
      await theirs.getByLabel("E-mail or share code of the patient").fill("patient2@healthsync.example");
      await theirs.getByLabel("Reason").fill("Second opinion before your operation.");
      await theirs.getByLabel("For how long").selectOption({ label: "7 days" });
      await theirs.getByRole("button", { name: "Send request" }).click();
      const sent = theirs.getByRole("list", { name: "Requests" }).getByRole("listitem").first();
      await sent.getByText("Waiting").waitFor();

      const asked = own.getByRole("article", { name: `Request from ${doctor.name}` });
      await asked.getByText("Second opinion before your operation.").waitFor();
      await asked.getByRole("link", { name: "Review and answer" }).click();
      await own.getByRole("heading", { name: `What may ${doctor.name} see?` }).waitFor();
      await own.getByRole("radio", { name: "Only some kinds" }).check();
      await own.getByRole("checkbox", { name: "Vaccinations" }).check();
      const next = own.getByRole("button", { name: "Next" });
      await next.click();
      assert.equal(await own.getByRole("radio", { name: "7 days" }).isChecked(), true, "as long as was asked");
      await next.click();
      await own.getByRole("region", { name: "Preview" }).waitFor();
      await own.getByRole("button", { name: "What you agree to" }).click();
      await own.getByText("Access that you give to an organization is for everybody who works there").waitFor();
      await own.getByRole("button", { name: "Give access" }).click();
      await own.getByRole("article", { name: `Access of ${doctor.name}` }).getByText("Vaccinations").waitFor();

      await sent.getByText("Granted").waitFor();
      await theirs.goto(`/record/${patient.patient}/timeline`);
      await theirs.getByRole("region", { name: "Entries" }).getByRole("heading").first().waitFor();
      const kinds = await theirs.getByRole("group", { name: "Show only" }).getByRole("button").allInnerTexts();
      assert.deepEqual(kinds.map((text) => text.replaceAll(/[^a-z ]/gi, "").trim()), ["Out of range", "Vaccinations"]);
    });
  });
  const { token } = await program(server, "doctor1");
  const { kinds } = await say(server, `/api/patients/${patient.patient}/counts`, { token });
  assert.deepEqual(Object.keys(kinds).filter((kind) => kind !== "Patient"), ["Immunization"]);
});

test("a request that is declined says so on the doctor's open page and opens nothing", async () => {
  await endAllAccess(server, "patient3");
  const { token } = await program(server, "doctor2");
  const body = { patient: "patient3@healthsync.example", reason: "A study.", categories: null, days: 30 };
  await say(server, "/api/access-requests", { token, body });
  const { account: doctor } = await program(server, "doctor2");
  await visit(browser, { url: server.url, name: "decline" }, async (theirs) => {
    await comeIn(theirs, "doctor2");
    await theirs.goto("/requests");
    await theirs.getByText("Waiting").waitFor();
    await visit(browser, { url: server.url, size: "phone", name: "decline" }, async (own) => {
      await comeIn(own, "patient3");
      await own.goto("/sharing");
      const asked = own.getByRole("article", { name: `Request from ${doctor.name}` });
      await asked.getByRole("button", { name: "Decline" }).click();
      await own.getByText(`You declined the request from ${doctor.name}`).waitFor();
      await asked.waitFor({ state: "detached" });
    });
    await theirs.getByText("Declined").waitFor();
    await theirs.goto("/patients");
    await theirs.getByText("No patients yet").waitFor();
  });
});

test("asking for somebody who does not exist looks the same as asking for somebody who does", async () => {
  await visit(browser, { url: server.url, name: "nobody" }, async (page) => {
    await comeIn(page, "doctor2");
    await page.goto("/requests/new");
    await page.getByLabel("E-mail or share code of the patient").fill("nobody.at.all@healthsync.example");
    await page.getByLabel("Reason").fill("To see whether this is somebody.");
    await page.getByRole("button", { name: "Send request" }).click();
    await page.getByText("If the patient is on HealthSync, they have your request now").waitFor();
    const sent = page.getByRole("list", { name: "Requests" }).getByRole("listitem");
    await sent.filter({ hasText: "nobody.at.all" }).getByText("Waiting").waitFor();
  });
});

/** One switch puts everything to sleep that was given, and wakes it. */
async function pausesAndResumes(own) {
  const { account: patient } = await program(server, "patient1");
  const { token: reader } = await program(server, "doctor1");
  const seen = async () => {
    const headers = { Authorization: `Bearer ${reader}` };
    return (await fetch(`${server.url}/fhir/Patient/${patient.patient}`, { headers })).status;
  };
  assert.equal(await seen(), 200);
  await own.goto("/sharing");
  await own.getByRole("button", { name: "Pause all sharing" }).click();
  const sure = own.getByRole("alertdialog").or(own.getByRole("dialog"));
  await sure.getByRole("button", { name: "Pause all sharing" }).click();
  await own.getByText(/^Nobody you gave access to can open your record, except in an emergency/).waitFor();
  await own.getByRole("button", { name: "Resume sharing" }).waitFor();
  assert.equal(await seen(), 404);
  await axe(own);
  await own.getByRole("button", { name: "Resume sharing" }).click();
  await own.getByRole("button", { name: "Pause all sharing" }).waitFor();
  assert.equal(await seen(), 200);
}

test("access given to a clinic opens the record to its doctors, and a longer time is one dialog away", async () => {
  await endAllAccess(server, "patient1");
  const { account: doctor } = await program(server, "doctor1");
  const [clinic] = doctor.organizations;
  const { id } = await inDirectory(server, "patient1", "organization", clinic.name);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await give(server, "patient1", { type: "organization", id }, { until });
  await visit(browser, { url: server.url, name: "clinic" }, async (own) => {
    await comeIn(own, "patient1");
    await own.goto("/sharing");
    const card = own.getByRole("article", { name: `Access of ${clinic.name}` }).first();
    await card.getByText("in 1 hour").or(card.getByText(/in \d+ minutes/)).waitFor();
    await visit(browser, { url: server.url, name: "clinic" }, async (theirs) => {
      await comeIn(theirs, "doctor1");
      await theirs.goto("/patients");
      const row = theirs.getByRole("link", { name: /Asha Rao/ });
      await row.getByText(`Given to ${clinic.name}`).waitFor();
      await card.getByRole("button", { name: "Extend" }).click();
      await own.getByRole("dialog").getByRole("radio", { name: "30 days" }).check();
      await own.getByRole("dialog").getByRole("button", { name: "Extend access" }).click();
      await own.getByText(`Access of ${clinic.name} has a new end`).waitFor();
      await row.getByText(/in (30 days|1 month|4 weeks)|next month/).waitFor();
    });
    await goTo(own, "Home");
    await settled(own);
    await own.getByRole("list", { name: "Who has access now" }).getByText(clinic.name).waitFor();
    await pausesAndResumes(own);
  });
  await endAllAccess(server, "patient1");
});

test("what the check of the log found stays on the page when somebody reads the record, and says that it was before", async () => {
  const whose = "patient3";
  await endAllAccess(server, whose);
  const { account: doctor, token } = await program(server, "doctor1");
  await give(server, whose, { type: "practitioner", id: doctor.practitioner });
  await visit(browser, { url: server.url, size: "phone", name: "checked before" }, async (page) => {
    const { patient } = await comeIn(page, whose);
    await page.goto("/ledger");
    const verify = page.getByRole("button", { name: "Verify", exact: true });
    await verify.click();
    await page.getByText("Everything checks out").waitFor();
    const about = await page.getByText(/^Checked .*, when the ledger had \d+ entries\.$/).textContent();
    await say(server, `/fhir/Patient/${patient}`, { token });
    await page.getByText("1 newer entry came since").waitFor();
    await page.getByText("All that was checked holds").waitFor();
    await page.getByText(about, { exact: true }).waitFor();
    await axe(page);
    await verify.click();
    await page.getByText("Everything checks out").waitFor();
    assert.equal(await page.getByText("came since").count(), 0);
  });
});

test("access for research opens the record to who says that they read for it, and the patient's log says so", async () => {
  await endAllAccess(server, "patient2");
  const { account: patient } = await program(server, "patient2");
  const { account: doctor } = await program(server, "doctor1");
  await give(server, "patient2", { type: "practitioner", id: doctor.practitioner }, { purpose: "research" });
  await visit(browser, { url: server.url, size: "phone", name: "research" }, async (page) => {
    await comeIn(page, "doctor1");
    await page.goto("/patients");
    await settled(page);
    const row = page.getByRole("listitem").filter({ hasText: patient.name });
    await page.getByRole("button", { name: "Research" }).waitFor();
    assert.equal(await row.count(), 0, "for treatment nothing was given");
    await page.getByRole("button", { name: "Research" }).click();
    await row.getByRole("link").click();
    await page.getByText("You read for: Research.").waitFor();
    await page.getByRole("heading", { name: /^Problems/ }).waitFor();
    await fitsTheScreen(page);
    await axe(page);
    await page.goto("/patients");
    await page.getByRole("button", { name: "Treatment" }).click();
    await settled(page);
    await row.waitFor({ state: "detached" });
  });
  const { token } = await program(server, "patient2");
  const { entries } = await say(server, "/api/ledger/entries?reads=others", { token });
  assert.equal(entries[0].purpose, "research");
  await endAllAccess(server, "patient2");
});
