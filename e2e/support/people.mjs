// How people come in and what programs say: the same API that the pages and other software use.

import assert from "node:assert/strict";

/** Of every account of the demonstration. */
export const PASSWORD = "password123";

/**
 * One request of a program, and its answer.
 * @param {{ url: string }} server
 * @param {string} path
 * @param {{ token?: string, method?: string, body?: unknown }} [request]
 * @returns {Promise<{ status: number, body: any }>}
 */
export async function ask(server, path, { token, method, body } = {}) {
  const type = path.startsWith("/fhir") ? "application/fhir+json" : "application/json";
  const response = await fetch(server.url + path, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "Content-Type": type }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** The same, for a request that must succeed. */
export async function say(server, path, request) {
  const { status, body } = await ask(server, path, request);
  assert.ok(status >= 200 && status < 300, `${path} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

const programs = new Map();

/**
 * A program that acts for a person: signed in once per server, because signing in is slow on purpose.
 * @returns {Promise<{ token: string, account: any }>}
 */
export function program(server, username, password = PASSWORD) {
  const key = `${server.url} ${username}`;
  if (!programs.has(key)) programs.set(key, say(server, "/api/auth/login", { body: { username, password } }));
  return programs.get(key);
}

/** Signs a browser in without its pages; what signing in looks like has a journey of its own. */
export async function comeIn(page, username, password = PASSWORD) {
  const data = { username, password, session: "cookie" };
  let response = await page.request.post("/api/auth/login", { data });
  if (response.status() === 429) {
    // Many people come in from this one machine.
    await new Promise((resolve) => setTimeout(resolve, Number(response.headers()["retry-after"]) * 1_000));
    response = await page.request.post("/api/auth/login", { data });
  }
  assert.equal(response.status(), 200, `${username} could not sign in: ${await response.text()}`);
  return (await response.json()).account;
}

/** A password that nobody else has. */
export const SENTENCE = "a short sentence";

/** Somebody with an empty record and the password above, who stays away from the people of the demonstration. */
export async function newcomer(server, family) {
  const email = `${family.toLowerCase()}.${Date.now()}@healthsync.example`;
  const person = { email, password: SENTENCE, given: "Nora", family, birthDate: "1991-05-17", gender: "female" };
  const { account } = await say(server, "/api/auth/register", { body: person });
  return { email, account };
}

/** The smallest picture there is, as a paper that a clinician hands in. */
export const LICENCE = {
  name: "licence.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
};

/** A clinician who has handed in what is asked for, and waits. */
export async function applicant(server, family) {
  const email = `${family.toLowerCase()}.${Date.now()}@clinic.example`;
  const form = { email, password: SENTENCE, name: `Dr Ada ${family}` };
  const { token, account } = await say(server, "/api/auth/register/clinician", { body: form });
  const details = { profession: "Surgeon", register: "State board", registrationNumber: "88-12" };
  await say(server, "/api/verification", { token, body: details });
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/octet-stream" };
  const paper = { method: "POST", headers, body: LICENCE.buffer };
  const { status } = await fetch(`${server.url}/api/verification/documents?name=${LICENCE.name}`, paper);
  assert.equal(status, 201);
  await say(server, "/api/verification/submit", { token, method: "POST" });
  return { email, account };
}

/** What a letter says, as soon as it was sent. */
async function mailed(server, to, pattern) {
  for (let left = 100; left > 0; left--) {
    const { mails } = await say(server, "/api/demo/outbox");
    const found = mails.filter((mail) => mail.to === to).map((mail) => pattern.exec(mail.text));
    if (found.some(Boolean)) return found.find(Boolean)[1];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no letter to ${to} says ${pattern}`);
}

/** A browser session that nothing but a code sent by e-mail opened. */
export async function comeInByCode(page, server, email) {
  const { request } = await say(server, "/api/auth/code/start", { body: { email } });
  const code = await mailed(server, email, /Your code is (\d{8})/);
  const data = { request, code, session: "cookie" };
  const response = await page.request.post("/api/auth/code/finish", { data });
  assert.equal(response.status(), 200, await response.text());
}

/** Signs in the way people do. */
export async function signIn(page, username, password = PASSWORD) {
  await page.goto("/sign-in");
  await page.getByLabel("User name or e-mail").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Follows a link of the main navigation, as it stands on a desk. */
export function goTo(page, name) {
  return page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name }).click();
}

/** Ends every consent of a patient, so that a journey begins where it says it begins. */
export async function endAllAccess(server, username) {
  const { token } = await program(server, username);
  const { grants } = await say(server, "/api/grants", { token });
  for (const { id } of grants.filter((grant) => grant.state === "active")) {
    await say(server, `/api/grants/${id}/revoke`, { token, method: "POST" });
  }
}

/** Gives access the short way, where the wizard is not what a journey is about. */
export async function give(server, username, grantee, choice = {}) {
  const { token } = await program(server, username);
  const everything = { categories: null, from: null, to: null, labels: [], until: null, note: null };
  return say(server, "/api/grants", { token, body: { grantee, purpose: "treatment", ...everything, ...choice } });
}

/** The entry of the directory whose name contains these words. */
export async function inDirectory(server, username, type, words) {
  const { token } = await program(server, username);
  const { items } = await say(server, `/api/directory?type=${type}&query=${encodeURIComponent(words)}`, { token });
  assert.ok(items.length > 0, `nobody in the directory is called ${words}`);
  return items[0];
}

/** Waits until nothing on the page is still loading. */
export async function settled(page) {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label="Loading"]'));
}

/** As on a day on which nobody has signed in yet. The page is left first: whatever it still asks would be refused. */
export async function forget(page) {
  await page.goto("/link");
  await settled(page);
  await page.context().clearCookies();
}
