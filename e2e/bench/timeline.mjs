// How a timeline of fifty thousand entries scrolls: makes such a record, opens it in a browser without a screen, throws it by the
// wheel and drags it by the scrubber, and prints how long each picture took and how long the server took for each stretch.
//
//   HEALTHSYNC_BIN=target/release/healthsync node e2e/bench/timeline.mjs [entries [rounds]]
//
// It measures and judges nothing: on a busy machine the numbers are the machine's. Of several rounds it prints the one with the fewest late pictures, and
// the share of late ones in each.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SIZES, startBrowser } from "../support/browser.mjs";
import { comeIn, program, say } from "../support/people.mjs";
import { command, startServer } from "../support/server.mjs";

const ENTRIES = Number(process.argv[2] ?? 50_000);
const ROUNDS = Number(process.argv[3] ?? 1);
const PASSWORD = "a long record";
const END = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

const coding = (system, code, display) => ({ coding: [{ system, code, display }], text: display });
const loinc = (code, display) => coding("http://loinc.org", code, display);
const category = (code) => coding("http://terminology.hl7.org/CodeSystem/observation-category", code, code);
const subject = { reference: "Patient/long" };

const RESULTS = [
  ["4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 4, 5.6],
  ["2339-0", "Glucose [Mass/volume] in Blood", "mg/dL", 70, 100],
  ["2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 0.6, 1.3],
  ["2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", 3.5, 5.1],
  ["2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 136, 145],
  ["718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 12, 16],
];
const VITALS = [
  ["8867-4", "Heart rate", "/min", 50, 100],
  ["29463-7", "Body weight", "kg", 50, 90],
  ["8310-5", "Body temperature", "Cel", 36, 37.5],
];

/** The same numbers each time. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function measured(kind, [code, display, unit, low, high], time, random, encounter) {
  const value = Number((low + (high - low) * (random() * 1.2 - 0.1)).toFixed(1));
  return {
    resourceType: "Observation",
    status: "final",
    category: [category(kind)],
    code: loinc(code, display),
    subject,
    ...(encounter && { encounter: { reference: encounter } }),
    effectiveDateTime: new Date(time).toISOString(),
    valueQuantity: { value, unit, system: "http://unitsofmeasure.org", code: unit },
    referenceRange: [{ low: { value: low, unit, code: unit }, high: { value: high, unit, code: unit } }],
  };
}

/** Visits every few days with results, a medicine and a letter, and readings at home on the days between, over forty years. */
function* history(count) {
  const random = chance(7);
  let made = 0;
  let time = END;
  for (let visit = 0; made < count; visit++) {
    time -= DAY * (1 + Math.floor(random() * 13));
    const encounter = `Encounter/visit-${visit}`;
    const start = new Date(time).toISOString();
    yield {
      resourceType: "Encounter",
      id: `visit-${visit}`,
      status: "finished",
      class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
      type: [{ text: "Encounter for check up" }],
      subject,
      serviceProvider: { reference: `Organization/clinic-${visit % 5}` },
      period: { start, end: new Date(time + 1_800_000).toISOString() },
    };
    made += 1;
    for (let i = 0; i < 18 && made < count; i++, made++) {
      yield measured("laboratory", RESULTS[i % RESULTS.length], time + i * 60_000, random, encounter);
    }
    if (made < count) {
      yield {
        resourceType: "MedicationRequest",
        status: "completed",
        intent: "order",
        medicationCodeableConcept: { text: "Metformin 500 MG Oral Tablet" },
        subject,
        encounter: { reference: encounter },
        authoredOn: start,
        dosageInstruction: [{ text: "One tablet with breakfast" }],
      };
      made += 1;
    }
    for (let i = 0; i < 10 && made < count; i++, made++) {
      yield measured("vital-signs", VITALS[i % VITALS.length], time + DAY + i * 3_600_000, random);
    }
  }
}

const transaction = (resources) =>
  JSON.stringify({
    resourceType: "Bundle",
    type: "transaction",
    entry: resources.map((resource) => ({
      resource,
      request: resource.id
        ? { method: "PUT", url: `${resource.resourceType}/${resource.id}` }
        : { method: "POST", url: resource.resourceType },
    })),
  });

async function fill(place) {
  const folder = await mkdtemp(join(tmpdir(), "healthsync-long-"));
  const clinics = Array.from({ length: 5 }, (_, i) => ({ resourceType: "Organization", id: `clinic-${i}`, name: `Clinic ${i}` }));
  const patient = { resourceType: "Patient", id: "long", name: [{ family: "Long", given: ["Lina"] }], birthDate: "1950-01-01" };
  await writeFile(join(folder, "0.json"), transaction([...clinics, patient]));
  let some = [];
  let file = 1;
  const write = async () => {
    await writeFile(join(folder, `${String(file++).padStart(4, "0")}.json`), transaction(some));
    some = [];
  };
  for (const resource of history(ENTRIES)) {
    some.push(resource);
    if (some.length === 5_000) await write();
  }
  if (some.length > 0) await write();
  await command(place, "import", folder);
  await command(place, "user", "add", "--username", "lina", "--password", PASSWORD, "--role", "patient", "--patient", "long");
  await rm(folder, { recursive: true });
}

const LATE = "over 16.7 ms, %";

/** Of the same thing, measured in each round, the best. */
function best(rows) {
  return [...new Set(rows.map((row) => row.what))].map((what) => {
    const same = rows.filter((row) => row.what === what);
    const [first] = [...same].sort((a, b) => a[LATE] - b[LATE]);
    return same.length > 1 ? { ...first, rounds: same.map((row) => row[LATE]).join(" ") } : first;
  });
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

function told(name, list) {
  const sorted = [...list].sort((a, b) => a - b);
  const over = list.filter((each) => each > 1000 / 60 + 0.5).length;
  const round = (n) => Math.round(n * 10) / 10;
  return {
    what: name,
    frames: list.length,
    p50: round(at(sorted, 0.5)),
    p95: round(at(sorted, 0.95)),
    p99: round(at(sorted, 0.99)),
    longest: round(at(sorted, 1)),
    [LATE]: round((over / Math.max(list.length, 1)) * 100),
  };
}

/** Counts the time between pictures, and tasks longer than 50 ms, while something is done. */
async function watched(page, name, act) {
  await page.evaluate(() => {
    const watch = { frames: [], long: 0, on: true };
    globalThis.watch = watch;
    new PerformanceObserver((list) => (watch.long += list.getEntries().length)).observe({ entryTypes: ["longtask"] });
    let last = performance.now();
    const tick = (now) => {
      watch.frames.push(now - last);
      last = now;
      if (watch.on) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await act();
  const { frames, long } = await page.evaluate(() => {
    globalThis.watch.on = false;
    return { frames: globalThis.watch.frames, long: globalThis.watch.long };
  });
  return { ...told(name, frames.slice(2)), "long tasks": long };
}

async function wheel(page, by, times, wait) {
  for (let i = 0; i < times; i++) {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(wait);
  }
}

async function drag(page) {
  const track = page.getByRole("slider", { name: "Go to a month" });
  const box = await track.boundingBox();
  const x = box.x + box.width / 2;
  await page.mouse.move(x, box.y + 4);
  await page.mouse.down();
  for (let i = 0; i <= 120; i++) {
    await page.mouse.move(x, box.y + 4 + ((box.height - 8) * i) / 120);
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
  await page.waitForTimeout(500);
}

const place = { data: await mkdtemp(join(tmpdir(), "healthsync-bench-")) };
const begun = performance.now();
await fill(place);
console.log(`${ENTRIES} entries were imported in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
const server = await startServer({ data: place.data, demonstration: false });
const browser = await startBrowser();
try {
  const rows = [];
  const answers = new Map();
  const pages = [["desktop", ""], ["desktop", "?open=true"], ["phone", "?open=true"]];
  for (const [size, query] of Array.from({ length: ROUNDS }, () => pages).flat()) {
    const context = await browser.newContext({ ...SIZES[size], baseURL: server.url, locale: "en-GB", timezoneId: "UTC" });
    const page = await context.newPage();
    page.on("requestfinished", async (request) => {
      const kind = /\/timeline(\/outline)?\?/.exec(request.url());
      if (!kind) return;
      const timing = request.timing();
      const name = kind[1] ? "outline" : "stretch";
      answers.set(name, [...(answers.get(name) ?? []), timing.responseStart - timing.requestStart]);
    });
    await comeIn(page, "lina", PASSWORD);
    await page.goto(`/record/long/timeline${query}`);
    await page.getByRole("region", { name: "Entries" }).locator("[data-key]").first().waitFor();
    await page.waitForTimeout(1_000);
    await page.mouse.move(400, 500);
    const name = `${size}${query ? ", visits open" : ""}`;
    rows.push(await watched(page, `${name}: reading`, () => wheel(page, 120, 120, 16)));
    rows.push(await watched(page, `${name}: fling`, () => wheel(page, 2_400, 120, 16)));
    rows.push(await watched(page, `${name}: scrubber`, () => drag(page)));
    const made = await page.evaluate(() => document.querySelectorAll("section[aria-busy] [data-key]").length);
    console.log(`${name}: ${made} lines exist, the list is ${await page.evaluate(() => document.documentElement.scrollHeight)} px high`);
    await context.close();
  }
  console.table(best(rows));
  const { token } = await program(server, "lina", PASSWORD);
  const record = "/api/patients/long";
  const outline = await say(server, `${record}/timeline/outline`, { token });
  const ask = async (name, paths) => {
    const took = [];
    for (const path of paths) {
      const start = performance.now();
      await say(server, record + path, { token });
      took.push(performance.now() - start);
    }
    answers.set(name, took);
  };
  const some = outline.windows.filter((_, i) => i % 5 === 0);
  await ask("stretch, one after another", some.map(({ from, to }) => `/timeline?from=${from}&to=${to}&count=200&totals=false`));
  await ask("outline, one after another", Array.from({ length: 10 }, () => "/timeline/outline"));
  await ask("outline of words, first", ["/timeline/outline?q=potassium"]);
  await ask("outline of words, later", Array.from({ length: 10 }, () => "/timeline/outline?q=potassium"));
  await ask("two dates", Array.from({ length: 5 }, () => "/compare?before=2010-01-01&after=2025-01-01"));
  console.table(
    [...answers].map(([what, list]) => {
      const sorted = [...list].sort((a, b) => a - b);
      const ms = (share) => Math.round(at(sorted, share) * 10) / 10;
      return { what, answers: list.length, "p50 ms": ms(0.5), "p95 ms": ms(0.95), "longest ms": ms(1) };
    }),
  );
} finally {
  await browser.close();
  await server.stop();
  await rm(place.data, { recursive: true, force: true });
}
