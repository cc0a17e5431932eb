// What stays on pages that somebody left open: nothing that was hidden from them since, and however many there are, each of
// them hears of what changed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, visit } from "../support/browser.mjs";
import { endAllAccess, give, inDirectory, program, say, settled, signIn } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";

/** More than a browser opens connections to one place at a time. */
const MANY = 8;

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

test("an entry that the patient hides leaves the page that the doctor has open", async () => {
  await endAllAccess(server, "patient1");
  const { token, account: patient } = await program(server, "patient1");
  const { account: doctor } = await program(server, "doctor1");
  const grantee = await inDirectory(server, "patient1", "practitioner", doctor.name);
  await give(server, "patient1", { type: "practitioner", id: grantee.id });
  const found = await say(server, `/fhir/Condition?patient=${patient.patient}&_count=50`, { token });
  const open = found.entry.map(({ resource }) => resource).find((each) => !each.meta?.security?.length);
  const words = open.code.text ?? open.code.coding[0].display;
  const expected = [/status of 404 .*\/fhir\/Condition\//];
  await visit(browser, { url: server.url, name: "hidden", expected }, async (page) => {
    await signIn(page, "doctor1");
    await page.getByRole("heading", { name: "My patients" }).waitFor();
    await page.goto(`/record/${patient.patient}/entry/Condition/${open.id}`);
    const main = page.getByRole("main");
    await main.getByText(words).first().waitFor();
    const labels = `/api/entries/Condition/${open.id}/labels`;
    await say(server, labels, { token, method: "POST", body: { labels: ["hiv"] } });
    await main.getByText("This entry is not here").waitFor();
    await main.getByText(words).first().waitFor({ state: "hidden" });
    await say(server, labels, { token, method: "POST", body: { labels: [] } });
  });
  await endAllAccess(server, "patient1");
});

test("many open pages share one stream, and go on when the one that holds it is closed", async () => {
  await endAllAccess(server, "patient2");
  const { account: doctor } = await program(server, "doctor1");
  const grantee = await inDirectory(server, "patient2", "practitioner", doctor.name);
  await visit(browser, { url: server.url, name: "tabs" }, async (first) => {
    await signIn(first, "patient2");
    await first.getByRole("heading", { name: /^Hello/ }).waitFor();
    const pages = [first];
    while (pages.length < MANY) {
      const page = await first.context().newPage();
      await page.goto("/sharing");
      await settled(page);
      pages.push(page);
    }
    await first.goto("/sharing");
    const shows = (page) => page.getByRole("article", { name: `Access of ${doctor.name}` }).first().waitFor();
    await give(server, "patient2", { type: "practitioner", id: grantee.id });
    await Promise.all(pages.map(shows));
    // The one that was opened last listens for all of them.
    await first.close();
    await pages.at(-1).close();
    await endAllAccess(server, "patient2");
    const rest = pages.slice(1, -1);
    await Promise.all(rest.map((page) => page.getByText("Nobody but you can read your record", { exact: true }).waitFor()));
    assert.equal(rest.length, MANY - 2);
  });
});
