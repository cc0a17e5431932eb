// The record on the screen: a long history under a thumb, filters in the address, and what arrives while one looks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, give, inDirectory, program, say, settled } from "../support/people.mjs";
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

/** The timeline as the server counts it. */
async function counted(username, query = "") {
  const { token, account } = await program(server, username);
  return say(server, `/api/patients/${account.patient}/timeline?count=1${query}`, { token });
}

test("on a phone the whole history comes under the thumb, stretch by stretch, down to its first day", async () => {
  const { total } = await counted("patient1");
  await visit(browser, { url: server.url, size: "phone", name: "scroll" }, async (page) => {
    const { patient } = await comeIn(page, "patient1");
    let stretches = 0;
    page.on("response", (response) => {
      if (/\/timeline\?/.test(response.url())) stretches += 1;
    });
    await page.goto(`/record/${patient}/timeline?open=true`);
    await entries(page).first().waitFor();
    const first = stretches;
    const seen = await scrollThrough(page);
    assert.ok(stretches > first, "more was fetched on the way");
    assert.equal(seen.size, total, "every entry was on the screen once");
  });
});

const entries = (page) => page.getByRole("region", { name: "Entries" }).locator("a[data-row]");

/** Scrolls to the beginning of the record and answers every entry that came by, with its words. */
async function scrollThrough(page) {
  const seen = new Map();
  for (let i = 0; i < 600; i++) {
    const now = await entries(page).evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.textContent]));
    for (const [address, words] of now) seen.set(address, words);
    // Where rows are still to come, the list waits for them.
    const { atEnd, blank } = await page.evaluate(() => ({
      atEnd: globalThis.scrollY + globalThis.innerHeight >= document.documentElement.scrollHeight - 2,
      blank: document.querySelectorAll('section[aria-busy="true"]').length,
    }));
    if (atEnd && blank === 0) return seen;
    if (blank === 0) await page.mouse.wheel(0, 500);
    await page.waitForTimeout(40);
  }
  throw new Error(`the beginning of the record was not reached after ${seen.size} entries`);
}

test("in the summary what is over stands apart from what goes on, and says so", async () => {
  await visit(browser, { url: server.url, size: "phone", name: "summary-past" }, async (page) => {
    const { patient } = await comeIn(page, "patient1");
    const { token } = await program(server, "patient1");
    const { sections } = await say(server, `/api/patients/${patient}/summary`, { token });
    const { title, entries: all } = sections.find((section) => section.code === "10160-0");
    await page.goto(`/record/${patient}`);
    const now = page.getByRole("list", { name: title, exact: true });
    await now.waitFor();
    await page.locator("section", { has: now }).last().getByRole("button", { name: /with the past/ }).click();
    const past = page.getByRole("list", { name: `${title}: Past` });
    const rows = await past.getByRole("listitem").allTextContents();
    assert.equal(rows.length, all.filter((entry) => entry.active === false).length);
    assert.ok(rows.length > 0);
    for (const words of rows) assert.match(words, /Completed|Stopped|Cancelled/);
  });
});

test("filters, words, years and two dates stand in the address and agree with the server", async () => {
  const { counts, years } = await counted("patient1");
  const unusual = await counted("patient1", "&abnormal=true");
  await visit(browser, { url: server.url, name: "filter" }, async (page) => {
    const { patient } = await comeIn(page, "patient1");
    await page.goto(`/record/${patient}/timeline`);
    const filter = page.getByRole("group", { name: "Show only" });
    const vaccinations = filter.getByRole("button", { name: `Vaccinations ${counts.immunization}` });
    await vaccinations.click();
    await page.getByText(`${counts.immunization} of`).waitFor();
    const shown = await scrollThrough(page);
    assert.equal(shown.size, counts.immunization);
    for (const words of shown.values()) assert.match(words, /^Vaccinations:/);
    await page.reload();
    await entries(page).first().waitFor();
    assert.equal(await vaccinations.getAttribute("aria-pressed"), "true");
    await filter.getByRole("button", { name: "Show everything" }).click();
    assert.ok(unusual.groups[0].entries[0].value.flag, "the server found what is out of range");
    await filter.getByRole("button", { name: "Out of range" }).click();
    await page.waitForURL(/abnormal=true/);
    await entries(page).first().waitFor();
    for (const words of await entries(page).allTextContents()) assert.match(words, /High|Low|Critical|Unusual/);
    await filter.getByRole("button", { name: "Show everything" }).click();

    // A year by its name, then by keys; into an entry and back to the same place.
    const oldest = years.reduce((a, b) => (a.year < b.year ? a : b));
    await page.getByRole("navigation", { name: "Years" }).getByRole("button", { name: new RegExp(`^${oldest.year},`) }).press("Enter");
    await page.waitForURL(new RegExp(`at=${oldest.year}`));
    const slider = page.getByRole("slider", { name: "Go to a month" });
    assert.match(await slider.getAttribute("aria-valuetext"), new RegExp(oldest.year));
    await slider.press("Home");
    await page.waitForFunction(() => globalThis.scrollY === 0);
    await slider.press("End");
    await page.waitForFunction(() => globalThis.scrollY > 0);
    const heading = page.getByRole("region", { name: "Entries" }).getByRole("heading");
    await heading.last().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("hemoglobin a1c");
    await page.waitForURL(/q=hemoglobin/);
    await entries(page).filter({ hasText: "Hemoglobin A1c" }).first().waitFor();
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(200);
    const stood = await page.evaluate(() => globalThis.scrollY);
    const inSight = await entries(page).evaluateAll((all) =>
      all.findIndex((link) => link.getBoundingClientRect().top > 200 && link.getBoundingClientRect().bottom < 600),
    );
    await entries(page).nth(inSight).click();
    await page.getByRole("heading", { level: 1, name: /Hemoglobin A1c/ }).waitFor();
    await page.getByRole("link", { name: "Timeline", exact: true }).last().click();
    await page.waitForURL(/q=hemoglobin/);
    await page.waitForFunction((y) => Math.abs(globalThis.scrollY - y) < 80, stood);

    await page.goto(`/record/${patient}/compare?before=2020-01-01&after=2025-12-31`);
    const row = page.getByRole("row", { name: /Hemoglobin A1c/ });
    await row.waitFor();
    assert.match(await row.textContent(), /%/);
    await page.getByLabel("Later day").fill("2019-01-01");
    await page.getByText("The later day comes after the earlier one.").waitFor();

    await page.goto(`/record/${patient}/print?category=%5B%22immunization%22%5D`);
    await page.getByRole("article").getByRole("listitem").first().waitFor();
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.getByRole("navigation", { name: "Parts of the record" }).isVisible(), false);
    assert.equal(await page.getByRole("article").getByRole("listitem").count(), counts.immunization);
    await page.getByText("Only: Vaccinations").waitFor();
  });
});

test("a reading that a clinic's own software sends appears on the patient's open timeline", async (t) => {
  if (!server.data) return t.skip("a token is made at the machine of the server, and this server runs elsewhere");
  await endAllAccess(server, "patient1");
  const { account: doctor } = await program(server, "doctor1");
  const [clinic] = doctor.organizations;
  const { id } = await inDirectory(server, "patient1", "organization", clinic.name);
  await give(server, "patient1", { type: "organization", id });
  const token = await command(server, "token", "create", "--service", "laboratory", "--organization", clinic.name);
  const before = (await counted("patient1")).total;

  await visit(browser, { url: server.url, name: "live" }, async (page) => {
    const { patient } = await comeIn(page, "patient1");
    await page.goto(`/record/${patient}/timeline`);
    await page.getByText(`${before} entries`).waitFor();
    await settled(page);
    await page.evaluate(() => (globalThis.untouched = true));
    const sent = await say(server, "/fhir/Observation", { token, body: pulse(patient) });
    const begun = performance.now();
    const entry = page.getByRole("region", { name: "Entries" }).locator("a[data-row]").filter({ hasText: /Heart rate.*142/ });
    await entry.waitFor();
    t.diagnostic(`sent → on the open timeline: ${Math.round(performance.now() - begun)} ms`);
    await page.getByText(`${before + 1} entries`).waitFor();
    assert.equal(await page.evaluate(() => globalThis.untouched), true, "the page was never loaded again");
    await entry.click();
    await page.getByRole("heading", { level: 1, name: /Heart rate/ }).waitFor();
    await page.getByText(`Observation ${sent.id}`).waitFor();
    await page.goto("/ledger");
    await page.getByRole("listitem").filter({ hasText: "laboratory added an entry (reading)" }).waitFor();
  });
  await endAllAccess(server, "patient1");
});

/** A heart rate nobody else in the demonstration has. */
function pulse(patient) {
  const coding = (system, code, display) => ({ coding: [{ system, code, display }] });
  return {
    resourceType: "Observation",
    status: "final",
    category: [coding("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", "Vital Signs")],
    code: { ...coding("http://loinc.org", "8867-4", "Heart rate"), text: "Heart rate" },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: new Date().toISOString(),
    valueQuantity: { value: 142, unit: "/min", system: "http://unitsofmeasure.org", code: "/min" },
  };
}

test("an entry shows its versions and its exact data only when asked", async () => {
  await visit(browser, { url: server.url, name: "entry" }, async (page) => {
    const { patient } = await comeIn(page, "patient1");
    await page.goto(`/record/${patient}`);
    await page.getByRole("list", { name: "Allergies" }).getByRole("link").first().click();
    await page.getByRole("button", { name: "Show versions" }).click();
    await page.getByRole("list", { name: "Versions" }).getByText("Version 1").first().waitFor();
    await page.getByRole("button", { name: "Show the data", exact: true }).click();
    const data = JSON.parse(await page.getByRole("region", { name: "The entry as FHIR data" }).innerText());
    assert.equal(data.resourceType, "AllergyIntolerance");
    assert.equal(data.patient.reference, `Patient/${patient}`);
  });
});
