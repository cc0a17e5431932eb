// Software that others wrote reads a record: what it finds is what the pages count, and no more.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "fhir-kit-client";
import { endAllAccess, give, inDirectory, program, say } from "../support/people.mjs";
import { preparePython, runPython } from "../support/python.mjs";
import { command, startServer } from "../support/server.mjs";

let server;
let own;
let family;
let total;

before(async () => {
  server = await startServer();
  own = await program(server, "patient1");
  family = own.account.name.split(" ").at(-1);
  const counts = await say(server, `/api/patients/${own.account.patient}/counts`, { token: own.token });
  total = counts.kinds.Observation;
});

after(() => server?.stop());

/** Follows every page of a search with fhir-kit-client and answers the pages. */
async function allPages(client, resourceType, searchParams) {
  const pages = [await client.search({ resourceType, searchParams })];
  while (pages.at(-1).link.some(({ relation }) => relation === "next")) {
    pages.push(await client.nextPage({ bundle: pages.at(-1) }));
  }
  return pages;
}

const idsOf = (pages) => pages.flatMap(({ entry }) => entry ?? []).map(({ resource }) => resource.id);

test("fhir-kit-client reads the patient and pages through every observation once", async () => {
  const client = new Client({ baseUrl: `${server.url}/fhir`, bearerToken: own.token });
  const statement = await client.capabilityStatement();
  assert.equal(statement.fhirVersion.slice(0, 2), "4.");
  const patient = await client.read({ resourceType: "Patient", id: own.account.patient });
  assert.equal(patient.name[0].family, family);
  const pages = await allPages(client, "Observation", { patient: own.account.patient, _count: 50 });
  assert.equal(pages.length, Math.ceil(total / 50));
  assert.equal(new Set(idsOf(pages)).size, total);
  assert.equal(idsOf(pages).length, total);

  const code = "http://loinc.org|4548-4";
  const [a1c] = await allPages(client, "Observation", { patient: own.account.patient, code, _sort: "-date" });
  const dates = a1c.entry.map(({ resource }) => Date.parse(resource.effectiveDateTime));
  assert.deepEqual(dates, dates.toSorted((x, y) => y - x), "newest first");
  const history = await client.history({ resourceType: "Patient", id: own.account.patient });
  assert.equal(history.type, "history");
  await assert.rejects(client.read({ resourceType: "Patient", id: "nobody-has-this-id" }), (error) => {
    assert.equal(error.response.status, 404);
    assert.equal(error.response.data.resourceType, "OperationOutcome");
    return true;
  });
});

test("fhir-kit-client of a doctor finds nothing before a consent, and exactly its kinds after", async () => {
  await endAllAccess(server, "patient1");
  const { token, account } = await program(server, "doctor1");
  const client = new Client({ baseUrl: `${server.url}/fhir`, bearerToken: token });
  const search = (resourceType) => allPages(client, resourceType, { patient: own.account.patient, _count: 100 });
  assert.deepEqual(idsOf(await search("Observation")), []);
  await give(server, "patient1", { type: "practitioner", id: account.practitioner }, { categories: ["vital"] });
  const seen = (await search("Observation")).flatMap(({ entry }) => entry);
  assert.ok(seen.length > 0 && seen.length < total);
  for (const { resource } of seen) assert.equal(resource.category[0].coding[0].code, "vital-signs");
  assert.deepEqual(idsOf(await search("Condition")), []);
  await endAllAccess(server, "patient1");
  assert.deepEqual(idsOf(await search("Observation")), []);
});

test("a clinic's software writes with a token and reads back what it wrote, no more", async (t) => {
  if (!server.data) return t.skip("a token is made at the machine of the server, and this server runs elsewhere");
  const { account } = await program(server, "doctor1");
  const [clinic] = account.organizations;
  const { id } = await inDirectory(server, "patient1", "organization", clinic.name);
  await give(server, "patient1", { type: "organization", id });
  const token = await command(server, "token", "create", "--service", "journey", "--organization", clinic.name);
  const client = new Client({ baseUrl: `${server.url}/fhir`, bearerToken: token });
  const body = {
    resourceType: "Observation",
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "29463-7", display: "Body weight" }] },
    subject: { reference: `Patient/${own.account.patient}` },
    effectiveDateTime: new Date().toISOString(),
    valueQuantity: { value: 71.5, unit: "kg", system: "http://unitsofmeasure.org", code: "kg" },
  };
  const made = await client.create({ resourceType: "Observation", body });
  assert.deepEqual(idsOf(await allPages(client, "Observation", {})), [made.id]);
  const changed = { ...made, valueQuantity: { ...made.valueQuantity, value: 71 } };
  const updated = await client.update({ resourceType: "Observation", id: made.id, body: changed });
  assert.equal(updated.meta.versionId, "2");
  await client.delete({ resourceType: "Observation", id: made.id });
  await assert.rejects(client.read({ resourceType: "Observation", id: made.id }), (error) => {
    assert.equal(error.response.status, 410);
    return true;
  });
  await endAllAccess(server, "patient1");
});

test("Python's fhirclient and fhirpy read the same record", async (t) => {
  const absent = await preparePython();
  if (absent) return t.skip(absent);
  const environment = { FHIR_BASE: `${server.url}/fhir`, FHIR_TOKEN: own.token, FHIR_PATIENT: own.account.patient };
  for (const script of ["with_fhirclient.py", "with_fhirpy.py"]) {
    const found = await runPython(script, environment);
    assert.equal(found.family, family, script);
    assert.equal(new Set(found.ids).size, total, `${script}: every observation`);
    assert.equal(found.ids.length, total, `${script}: each once`);
    assert.equal(found.unknown, "not found", script);
  }
});
