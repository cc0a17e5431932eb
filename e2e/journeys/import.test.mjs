// Other people's data: a whole history that Synthea invented, taken in twice, and opened by its patient.
// Runs where the files are: in the folder that HEALTHSYNC_SHARED_DATA names, or in ../shared/data beside the project.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startBrowser, visit } from "../support/browser.mjs";
import { comeIn, SENTENCE, say } from "../support/people.mjs";
import { command, startServer } from "../support/server.mjs";

const run = promisify(execFile);
const beside = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const folder = join(process.env.HEALTHSYNC_SHARED_DATA ?? beside, "synthea");
const ORGANIZATION = "Synthea Clinic";
/** The numbers of a patient that the generator's own file is named for. */
const SYSTEM = "https://github.com/synthetichealth/synthea";

const reason = process.env.HEALTHSYNC_URL
  ? "the files are taken in at the machine of the server, and this server runs elsewhere"
  : existsSync(folder)
    ? false
    : `there is no ${folder}`;

let data;
let browser;
let server;

before(async () => {
  if (reason) return;
  data = await mkdtemp(join(tmpdir(), "healthsync-e2e-"));
});

after(async () => {
  await browser?.close();
  await server?.stop();
  if (data) await rm(data, { recursive: true, force: true });
});

/** What a person's bundle refers to comes first: the hospitals and the doctors, in files of their own. */
async function chosen() {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json.bz2")).toSorted();
  const person = files.find((name) => /^[0-9a-f]{8}-/.test(name));
  assert.ok(person, `${folder} has the bundle of a person`);
  return { person, all: [...files.filter((name) => /Information\d+\.json/.test(name)), person] };
}

/** What the command said it did: `created 49722` and its like. */
async function takeIn(files) {
  const paths = files.map((name) => join(folder, name));
  const said = await command({ data }, "import", "--organization", ORGANIZATION, ...paths);
  return Object.fromEntries([...said.matchAll(/^(\w+) +(\d+)$/gm)].map(([, word, count]) => [word, Number(count)]));
}

/** The resources of one bundle, as the file has them. */
async function contents(file) {
  const { stdout } = await run("bzip2", ["--decompress", "--stdout", join(folder, file)], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout).entry.map(({ resource }) => resource);
}

test("a bundle is taken in whole, and a second time changes nothing", { skip: reason }, async (t) => {
  const { all } = await chosen();
  const begun = performance.now();
  const first = await takeIn(all);
  t.diagnostic(`${first.created} resources: ${Math.round(performance.now() - begun)} ms`);
  assert.equal(first.refused, 0);
  assert.ok(first.created > all.length);
  const second = await takeIn(all);
  const unchanged = first.created + first.updated + first.unchanged;
  assert.deepEqual(second, { created: 0, updated: 0, unchanged, refused: 0 });
});

test("the patient of a bundle signs in and finds what is in it", { skip: reason }, async () => {
  const { person } = await chosen();
  const name = person.replace(".json.bz2", "");
  const resources = await contents(person);
  server = await startServer({ data, demonstration: false });
  const token = await command(server, "token", "create", "--service", "journey", "--organization", ORGANIZATION);
  const found = await say(server, `/fhir/Patient?identifier=${encodeURIComponent(`${SYSTEM}|${name}`)}`, { token });
  assert.equal(found.total, 1);
  const { id } = found.entry[0].resource;
  const who = ["--username", "imported", "--password", "-", "--role", "patient", "--patient", id];
  await command(server, "user", "add", ...who, { input: `${SENTENCE}\n` });

  const wanted = counted(resources);
  browser = await startBrowser();
  await visit(browser, { url: server.url, name: "import" }, async (page) => {
    const account = await comeIn(page, "imported", SENTENCE);
    assert.equal(account.patient, id);
    const counts = await (await page.request.get(`/api/patients/${id}/counts`)).json();
    assert.deepEqual(counts.kinds, wanted, "kind by kind what the file has");

    await page.goto(`/record/${id}/timeline`);
    const timeline = await (await page.request.get(`/api/patients/${id}/timeline?count=1`)).json();
    await page.getByText(`${timeline.total} entries`, { exact: true }).waitFor();
    const filter = page.getByRole("group", { name: "Show only" });
    const shown = {
      Visits: wanted.Encounter,
      Vaccinations: wanted.Immunization,
      Conditions: wanted.Condition,
      Procedures: wanted.Procedure,
    };
    for (const [kind, count] of Object.entries(shown)) {
      if (count) await filter.getByRole("button", { name: `${kind} ${count}`, exact: true }).waitFor();
    }
    await page.getByRole("region", { name: "Entries" }).getByRole("heading").first().waitFor();
  });
});

/** How many of each kind belong to the patient; medicines, places and people of the directory belong to nobody. */
function counted(resources) {
  const counts = {};
  for (const { resourceType } of resources) counts[resourceType] = (counts[resourceType] ?? 0) + 1;
  return counts;
}
