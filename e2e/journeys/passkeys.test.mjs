// Coming in by passkey, in a real browser with a device of its own making: what is asked, what is sent, and what is refused.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { startBrowser, visit } from "../support/browser.mjs";
import { forget } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";
import { judged, within } from "../support/times.mjs";

/** From the press of the button to the page at home, for 95 of 100. */
const HOME_WITHIN_MS = 1_500;
const LOGINS = judged ? 20 : 4;
/** A session that was ended is refused within this. */
const ENDED_WITHIN_MS = 1_000;

let server;
let browser;
/** Passkeys belong to a name, and this machine's is localhost. */
let url;

// More sign-ins in a minute than any person needs.
process.env.HEALTHSYNC__LIMITS__LOGIN_PER_MINUTE = "300";

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  url = server.url.replace("127.0.0.1", "localhost");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A device with a reader for fingerprints, whose owner touches it at once. */
async function device(page, traits = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    ctap2Version: "ctap2_1",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
    hasPrf: true,
    ...traits,
  };
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options });
  const set = (what, enabled) => session.send(`WebAuthn.set${what}`, { authenticatorId, ...enabled });
  return {
    touched: (enabled) => set("AutomaticPresenceSimulation", { enabled }),
    recognises: (isUserVerified) => set("UserVerified", { isUserVerified }),
    remove: () => session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
  };
}

/** Everything a page sends, as it leaves. */
function traffic(page) {
  const sent = [];
  page.context().on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  return sent;
}

/** A request of the page itself, with its cookie. */
function call(page, path, body) {
  return page.evaluate(
    async ([path, body]) => {
      const sent = body === null ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      const answer = await fetch(path, sent);
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
    },
    [path, body ?? null],
  );
}

/** Makes a passkey for whoever is signed in, as the account page does. */
function makeAnother(page, name) {
  return page.evaluate(async (name) => {
    const post = (path, body) =>
      fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const begun = await (await post("/api/auth/passkeys/start", {})).json();
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.options.publicKey);
    // Another device has none of the others' passkeys; this machine stands for both.
    publicKey.excludeCredentials = [];
    const credential = (await navigator.credentials.create({ publicKey })).toJSON();
    credential.clientExtensionResults = {};
    const answer = await post("/api/auth/passkeys/finish", { ceremony: begun.ceremony, credential, name });
    return { status: answer.status, body: await answer.json() };
  }, name);
}

/** Signs in with the passkey of the device, as the sign-in page does. */
function pick(page) {
  return page.evaluate(async () => {
    const post = (path, body) =>
      fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const begun = await (await post("/api/auth/passkey/start", {})).json();
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.options.publicKey);
    const credential = (await navigator.credentials.get({ publicKey })).toJSON();
    credential.clientExtensionResults = {};
    const answer = await post("/api/auth/passkey/finish", { ceremony: begun.ceremony, credential, session: "cookie" });
    return answer.status;
  });
}

/** Somebody new, through the page. */
async function register(page, given) {
  await page.goto("/register");
  await page.getByLabel("First name").fill(given);
  await page.getByLabel("Last name").fill("Newman");
  await page.getByLabel("Date of birth").fill("1991-05-17");
  await page.getByLabel("Sex or gender").selectOption({ label: "Female" });
  await page.getByLabel("E-mail").fill(`${given.toLowerCase()}.${Date.now()}@healthsync.example`);
  await page.getByRole("button", { name: "Create with face or fingerprint" }).click();
  await page.getByRole("heading", { name: `Hello, ${given}` }).waitFor();
}

test("somebody registers with a fingerprint, and is home again with one gesture", async (t) => {
  await visit(browser, { url, size: "phone", name: "passkey" }, async (page) => {
    const phone = await device(page);
    const sent = traffic(page);
    await register(page, "Nora");
    const { body: methods } = await call(page, "/api/auth/methods");
    assert.equal(methods.password.set, false);
    assert.equal(methods.passkeys[0].prf, true, "the page asks for PRF when it makes a passkey");

    await page.addInitScript(() => {
      const get = CredentialsContainer.prototype.get;
      window.askedFor = 0;
      CredentialsContainer.prototype.get = function (options) {
        window.askedFor += 1;
        return get.call(this, options);
      };
    });
    const took = [];
    for (let n = 0; n < LOGINS; n += 1) {
      await forget(page);
      // The field offers passkeys by itself; nobody touches the device before the button is pressed.
      await phone.touched(false);
      await page.goto("/sign-in");
      const button = page.getByRole("button", { name: "Sign in with a passkey" });
      await button.waitFor();
      // Touched before the field has asked, the device would answer the field, and nobody would press the button any more.
      await page.waitForFunction(() => window.askedFor === 1);
      await page.waitForTimeout(300);
      await phone.touched(true);
      const begun = performance.now();
      await button.click();
      await page.getByRole("heading", { name: "Hello, Nora" }).waitFor();
      took.push(performance.now() - begun);
    }
    took.sort((a, b) => a - b);
    const p95 = took[Math.ceil(LOGINS * 0.95) - 1];
    t.diagnostic(`${LOGINS} sign-ins: median ${took[LOGINS / 2].toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`);
    within(p95, HOME_WITHIN_MS, "signing in (p95)");

    // What the passkey derives in the browser, to be looked for in everything that was sent.
    const secret = await page.evaluate(async () => {
      const begun = await (await fetch("/api/auth/passkey/start", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })).json();
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.options.publicKey);
      publicKey.extensions = { prf: { eval: { first: new Uint8Array(32) } } };
      return (await navigator.credentials.get({ publicKey })).toJSON().clientExtensionResults.prf.results.first;
    });
    assert.ok(secret.length >= 43, "the device derives a secret");
    for (const one of sent) {
      assert.ok(!one.includes(secret) && !/"results"/.test(one), `a secret left the page: ${one.slice(0, 200)}`);
    }
    assert.ok(sent.some((one) => one.includes("/api/auth/passkey/finish")), "the traffic was seen");
  });
});

test("a second device is added, and once removed it opens nothing", async () => {
  await visit(browser, { url, name: "second device", expected: [/status of 401 .*passkey\/finish/, /status of 401 .*sessions/] }, async (page) => {
    const phone = await device(page);
    await register(page, "Petra");
    await phone.remove();
    const laptop = await device(page);
    // A page that asks nothing by itself: what is refused here is what is tried.
    await page.goto("/link");
    const { status, body: made } = await makeAnother(page, "Laptop");
    assert.equal(status, 201);
    assert.equal(await pick(page), 200);
    // The laptop ends itself: what it opened ends at once, and its passkey opens nothing any more.
    const begun = performance.now();
    assert.equal((await call(page, `/api/auth/passkeys/${made.id}/revoke`, {})).status, 204);
    assert.equal((await call(page, "/api/auth/sessions")).status, 401);
    within(performance.now() - begun, ENDED_WITHIN_MS, "ending a session");
    assert.equal(await pick(page), 401);
    await laptop.remove();
  });
});

test("a device without PRF comes in all the same", async () => {
  await visit(browser, { url, name: "no prf" }, async (page) => {
    await device(page, { hasPrf: false });
    await register(page, "Quinn");
    const { body: methods } = await call(page, "/api/auth/methods");
    assert.equal(methods.passkeys[0].prf, false);
    await forget(page);
    await page.goto("/register");
    assert.equal(await pick(page), 200);
  });
});

test("a device that does not recognise its owner opens nothing", async () => {
  await visit(browser, { url, name: "not recognised" }, async (page) => {
    const phone = await device(page);
    await register(page, "Rosa");
    await forget(page);
    await phone.touched(false);
    await phone.recognises(false);
    await page.goto("/sign-in");
    const button = page.getByRole("button", { name: "Sign in with a passkey" });
    await button.waitFor();
    await phone.touched(true);
    await button.click();
    await page.getByText("Nothing was confirmed").waitFor();
    assert.equal((await call(page, "/api/auth/session")).body.account, null);
  });
});

test("a session that is ended elsewhere is over within a second", async () => {
  await visit(browser, { url, name: "ended elsewhere" }, async (page) => {
    await device(page);
    await register(page, "Sana");
    const cookies = await page.context().cookies();
    // The first session goes on in another browser: signing in anew in this one would end it.
    await forget(page);
    assert.equal(await pick(page), 200);
    const other = await browser.newContext({ baseURL: url, storageState: { cookies, origins: [] } });
    try {
      assert.equal((await other.request.get("/api/auth/sessions")).status(), 200);
      const begun = performance.now();
      const { body } = await call(page, "/api/auth/sessions/revoke-others", {});
      assert.equal(body.ended, 1);
      assert.equal((await other.request.get("/api/auth/sessions")).status(), 401);
      within(performance.now() - begun, ENDED_WITHIN_MS, "ending a session");
    } finally {
      await other.close();
    }
    assert.equal((await call(page, "/api/auth/sessions")).status, 200);
  });
});
