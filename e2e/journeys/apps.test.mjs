// Apps that others wrote are let in, read as far as they were let in, and are shown the door.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oidc from "openid-client";
import { onTheList, startApp } from "../support/app.mjs";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, give, goTo, PASSWORD, program, say, settled } from "../support/people.mjs";
import { preparePython, runPython } from "../support/python.mjs";
import { startServer } from "../support/server.mjs";

let server;
let browser;
let app;
let patient;
let administrator;
let other;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  app = await startApp();
  patient = await program(server, "patient1");
  administrator = await program(server, "admin1");
  other = await program(server, "admin2");
});

after(async () => {
  await browser?.close();
  await app?.stop();
  await server?.stop();
});

const VITALS = "http://terminology.hl7.org/CodeSystem/observation-category|vital-signs";
const insecure = { execute: [oidc.allowInsecureRequests] };
const fhir = () => `${server.url}/fhir`;

/** What an app asks for, with the secrets it keeps until the answer. */
async function wishes(config, scope, more = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const parameters = {
    redirect_uri: app.redirect,
    scope,
    aud: fhir(),
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...more,
  };
  return { parameters, checks };
}

/** Reads with a token. The library throws what the server says in WWW-Authenticate; here that is an answer like another. */
async function read(config, token, path, options) {
  const address = new URL(fhir() + path);
  try {
    const response = await oidc.fetchProtectedResource(config, token, address, "GET", null, undefined, options);
    return { status: response.status, body: await response.json() };
  } catch (error) {
    if (error.code !== "OAUTH_WWW_AUTHENTICATE_CHALLENGE") throw error;
    return { status: error.status, why: error.cause[0].parameters.error };
  }
}

test("openid-client is let in by a patient, goes on without them, and is ended from the account page", async () => {
  const { clientId } = await onTheList(server, administrator.token, {
    name: "Heart diary",
    kind: "public",
    redirectUris: [app.redirect],
  });
  const config = await oidc.discovery(new URL(server.url), clientId, undefined, oidc.None(), insecure);
  const scope = `openid fhirUser launch/patient offline_access patient/Observation.rs?category=${VITALS} patient/Condition.rs patient/Patient.r`;
  const { parameters, checks } = await wishes(config, scope);
  const url = oidc.buildAuthorizationUrl(config, parameters);
  let tokens;
  await visit(browser, { url: server.url, size: "phone", name: "app-asks" }, async (page) => {
    await page.goto(url.href);
    await page.getByLabel("User name or e-mail").fill("patient1");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Heart diary asks to come in" }).waitFor();
    await settled(page);
    await axe(page);
    await fitsTheScreen(page);
    await page.getByRole("checkbox", { name: /only vital signs/ }).waitFor();
    await page.getByRole("checkbox", { name: "See conditions" }).uncheck();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByRole("heading", { name: "Back at the app" }).waitFor();
    tokens = await oidc.authorizationCodeGrant(config, await app.came(), checks);
    assert.equal(tokens.patient, patient.account.patient);
    const claims = tokens.claims();
    assert.equal(claims.fhirUser, `${fhir()}/Patient/${patient.account.patient}`);
    const about = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.equal(about.fhirUser, claims.fhirUser);

    const found = await read(config, tokens.access_token, "/Observation?_count=1000&_total=accurate");
    assert.ok(found.body.total > 0);
    for (const { resource } of found.body.entry) assert.equal(resource.category[0].coding[0].code, "vital-signs");
    const all = await say(server, "/fhir/Observation?_total=accurate&_count=0", { token: patient.token });
    assert.ok(found.body.total < all.total, "the scope narrows what the patient sees");
    assert.equal((await read(config, tokens.access_token, "/Condition")).why, "insufficient_scope", "left out on the page");

    tokens = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal((await read(config, tokens.access_token, "/Observation?_count=1")).status, 200);

    await page.goto("/ledger");
    await page.getByText("through the app Heart diary").first().waitFor();
    await page.goto("/account");
    await settled(page);
    const row = page.getByRole("list", { name: "Apps" }).getByRole("listitem").filter({ hasText: "Heart diary" }).first();
    // Less first, and sooner: at once, with the token that lives.
    assert.equal((await read(config, tokens.access_token, `/Patient/${tokens.patient}`)).status, 200);
    await row.getByRole("button", { name: /^Change/ }).click();
    const less = page.getByRole("dialog");
    await less.getByRole("checkbox", { name: /contact details/ }).uncheck();
    await less.getByRole("radio", { name: /7 days/ }).check();
    await axe(page);
    await less.getByRole("button", { name: "Save" }).click();
    await page.getByText("Heart diary may do only what you left it.").waitFor();
    assert.equal((await read(config, tokens.access_token, `/Patient/${tokens.patient}`)).why, "insufficient_scope");
    assert.equal((await read(config, tokens.access_token, "/Observation?_count=1")).status, 200);
    await row.getByRole("button", { name: /^End/ }).click();
    await axe(page);
    await page.getByRole("dialog").getByRole("button", { name: "End" }).click();
    await page.getByText("Heart diary is shut out.").waitFor();
    const ended = Date.now();
    assert.equal(await statusOf(tokens.access_token), 401);
    assert.ok(Date.now() - ended < 1_000, "refused within a second");
    await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: "invalid_grant" });
  });
});

/** Whether a token still opens anything, without a library's own idea of it. */
async function statusOf(token) {
  const response = await fetch(`${fhir()}/Observation?_count=1`, { headers: { Authorization: `Bearer ${token}` } });
  return response.status;
}

test("openid-client pushes its request and binds its tokens to a key, and registers itself first", async () => {
  const metadata = {
    client_name: "Sleep notes",
    redirect_uris: [app.redirect],
    token_endpoint_auth_method: "none",
    dpop_bound_access_tokens: true,
  };
  const config = await oidc.dynamicClientRegistration(new URL(server.url), metadata, oidc.None(), insecure);
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
  const { parameters, checks } = await wishes(config, "openid offline_access launch/patient patient/*.rs");
  const url = await oidc.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
  assert.equal(url.searchParams.get("scope"), null, "the browser carries the request's address only");
  await visit(browser, { url: server.url, name: "app-pushed" }, async (page) => {
    await comeIn(page, "patient1");
    await page.goto(url.href);
    await page.getByText("Nobody here has checked Sleep notes.", { exact: false }).waitFor();
    await axe(page);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByRole("heading", { name: "Back at the app" }).waitFor();
  });
  const tokens = await oidc.authorizationCodeGrant(config, await app.came(), checks, undefined, { DPoP });
  assert.equal(tokens.token_type, "dpop");
  assert.equal((await read(config, tokens.access_token, "/Observation?_count=1", { DPoP })).status, 200);
  assert.equal(await statusOf(tokens.access_token), 401, "without the key it opens nothing");
  const next = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
  await oidc.tokenRevocation(config, next.refresh_token);
  assert.equal((await read(config, next.access_token, "/Observation?_count=1", { DPoP })).why, "invalid_token");
});

test("a person says no, and the app is told so", async () => {
  const { clientId } = await onTheList(server, administrator.token, {
    name: "Nosy app",
    kind: "public",
    redirectUris: [app.redirect],
  });
  const config = await oidc.discovery(new URL(server.url), clientId, undefined, oidc.None(), insecure);
  const { parameters, checks } = await wishes(config, "openid patient/*.cruds");
  await visit(browser, { url: server.url, size: "phone", name: "app-denied" }, async (page) => {
    await comeIn(page, "patient1");
    await page.goto(oidc.buildAuthorizationUrl(config, parameters).href);
    await page.getByText("Changes the record.", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Do not allow" }).click();
    await page.getByRole("heading", { name: "Back at the app" }).waitFor();
  });
  await assert.rejects(oidc.authorizationCodeGrant(config, await app.came(), checks), { error: "access_denied" });
  await visit(browser, { url: server.url, name: "app-refused", expected: [] }, async (page) => {
    await page.goto(`/oauth/authorize?client_id=nobody&redirect_uri=${encodeURIComponent(app.redirect)}`);
    await page.getByRole("heading", { name: "This app cannot be opened" }).waitFor();
    await axe(page);
    await fitsTheScreen(page);
    // An app that put itself on the list gets nobody sent on who did not choose to go.
    const made = await fetch(`${server.url}/oauth/register`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ client_name: "Stranger", redirect_uris: [app.redirect], token_endpoint_auth_method: "none" }),
    });
    const { client_id } = await made.json();
    const wrong = new URLSearchParams({ client_id, redirect_uri: app.redirect, response_type: "token", state: "1" });
    await page.goto(`/oauth/authorize?${wrong}`);
    await page.getByText("Go back only if you came from this app").waitFor();
    await axe(page);
    await fitsTheScreen(page);
    await page.getByRole("button", { name: `Back to the app (${new URL(app.redirect).host})` }).click();
    await page.getByRole("heading", { name: "Back at the app" }).waitFor();
    assert.equal((await app.came()).searchParams.get("error"), "unsupported_response_type");
  });
});

test("a doctor opens an app from a record, and it sees that record only", async () => {
  const doctor = await program(server, "doctor1");
  const { clientId } = await onTheList(server, administrator.token, {
    name: "Growth charts",
    kind: "public",
    redirectUris: [app.redirect],
    launchUri: app.launch,
  });
  await endAllAccess(server, "patient1");
  await give(server, "patient1", { type: "practitioner", id: doctor.account.practitioner });
  const config = await oidc.discovery(new URL(server.url), clientId, undefined, oidc.None(), insecure);
  await visit(browser, { url: server.url, name: "app-launched" }, async (page) => {
    await comeIn(page, "doctor1");
    await page.goto(`/record/${patient.account.patient}`);
    await page.getByRole("button", { name: "Growth charts" }).click();
    await page.getByRole("heading", { name: "Back at the app" }).waitFor();
    const opened = await app.came();
    assert.equal(opened.searchParams.get("iss"), fhir());
    const launch = opened.searchParams.get("launch");
    const { parameters, checks } = await wishes(config, "openid launch patient/*.rs", { launch });
    await page.goto(oidc.buildAuthorizationUrl(config, parameters).href);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByRole("heading", { name: "Back at the app" }).waitFor();
    const tokens = await oidc.authorizationCodeGrant(config, await app.came(), checks);
    assert.equal(tokens.patient, patient.account.patient);
    const found = await read(config, tokens.access_token, "/Patient?_total=accurate");
    assert.equal(found.body.total, 1);
    await endAllAccess(server, "patient1");
    const gone = await read(config, tokens.access_token, "/Patient?_total=accurate");
    assert.equal(gone.body.total, 0, "the patient's consent decides, whatever the doctor let in");
  });
});

test("openid-client works for a clinic with nobody present, with a key of each kind", async () => {
  const doctor = await program(server, "doctor1");
  const [clinic] = doctor.account.organizations;
  for (const namedCurve of ["P-256", "P-384"]) {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve }, true, ["sign", "verify"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const form = {
      name: `Laboratory link ${namedCurve}`,
      kind: "backend",
      keys: [{ kty, crv, x, y, kid: "1" }],
      scope: "system/*.rs",
      organization: clinic.id,
    };
    const { clientId, id } = await onTheList(server, administrator.token, form, other.token);
    const signing = oidc.PrivateKeyJwt({ key: pair.privateKey, kid: "1" });
    const config = await oidc.discovery(new URL(server.url), clientId, undefined, signing, insecure);
    const tokens = await oidc.clientCredentialsGrant(config, { scope: "system/Patient.rs" });
    const found = await read(config, tokens.access_token, "/Patient?_total=accurate");
    assert.equal(found.status, 200);
    assert.equal((await read(config, tokens.access_token, "/Observation")).status, 403);
    assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, true);
    await say(server, `/api/admin/apps/${id}/revoke`, { token: administrator.token, method: "POST" });
    assert.equal(await statusOf(tokens.access_token), 401, "struck off");
  }
});

test("Python's fhirclient completes a standalone launch", async (t) => {
  const absent = await preparePython();
  if (absent) return t.skip(absent);
  const { clientId } = await onTheList(server, administrator.token, {
    name: "Python notebook",
    kind: "public",
    redirectUris: [app.redirect],
  });
  const environment = {
    FHIR_BASE: fhir(),
    SMART_CLIENT: clientId,
    SMART_REDIRECT: app.redirect,
    SMART_SCOPE: "openid fhirUser launch/patient patient/Patient.read patient/Observation.read",
  };
  const { authorize, state } = await runPython("with_smart.py", environment);
  await visit(browser, { url: server.url, name: "app-python" }, async (page) => {
    await comeIn(page, "patient1");
    await page.goto(authorize);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByRole("heading", { name: "Back at the app" }).waitFor();
    // The permission ends with this session, so the library does its part while it stands.
    const back = (await app.came()).href;
    const found = await runPython("with_smart.py", {
      ...environment,
      SMART_CALLBACK: back,
      SMART_STATE: JSON.stringify(state),
    });
    const counts = await say(server, `/api/patients/${patient.account.patient}/counts`, { token: patient.token });
    assert.equal(found.patient, patient.account.patient);
    assert.equal(new Set(found.ids).size, counts.kinds.Observation);
  });
});

test("a program without people waits until another administrator confirms it", async () => {
  const doctor = await program(server, "doctor1");
  const [clinic] = doctor.account.organizations;
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const waits = "Waits for another administrator";
  await visit(browser, { url: server.url, name: "apps-waits" }, async (page) => {
    await comeIn(page, "admin1");
    await page.goto("/admin/apps");
    await page.getByRole("button", { name: "Add an app" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Night watch");
    await dialog.getByLabel("How it proves itself").selectOption("backend");
    await dialog.getByLabel("Public keys").fill(JSON.stringify({ kty, crv, x, y, kid: "1" }));
    await dialog.getByLabel("Scopes").fill("system/Observation.rs");
    await dialog.getByLabel("Works for").selectOption(clinic.id);
    await dialog.getByText("until another administrator confirms it").waitFor();
    await axe(page);
    await dialog.getByRole("button", { name: "Add an app" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "Night watch" });
    await row.getByText(waits).waitFor();
    assert.equal(await row.getByRole("button", { name: /^Confirm/ }).count(), 0, "nobody confirms their own");
  });
  await visit(browser, { url: server.url, size: "phone", name: "apps-confirm" }, async (page) => {
    await comeIn(page, "admin2");
    await page.goto("/admin/apps");
    const row = page.getByRole("listitem").filter({ hasText: "Night watch" });
    await row.getByText(waits).waitFor();
    await settled(page);
    await fitsTheScreen(page);
    await axe(page);
    await row.getByRole("button", { name: /^Confirm/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("system/Observation.rs").waitFor();
    await dialog.getByRole("button", { name: "Confirm", exact: true }).click();
    await row.getByText(waits).waitFor({ state: "detached" });
    await row.getByRole("button", { name: /^Strike off/ }).waitFor();
  });
  const mine = await say(server, "/api/inbox", { token: administrator.token });
  assert.match(JSON.stringify(mine), /A program was confirmed/);
});

test("an administrator puts an app on the list and strikes it off", async () => {
  await visit(browser, { url: server.url, name: "apps-list" }, async (page) => {
    await comeIn(page, "admin1");
    await page.goto("/admin/users");
    await goTo(page, "Apps");
    await page.getByRole("button", { name: "Add an app" }).waitFor();
    await settled(page);
    await axe(page);
    await page.getByRole("button", { name: "Add an app" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Walking club");
    await dialog.getByLabel("Addresses to come back to").fill("https://walking.example/cb");
    await axe(page);
    await dialog.getByRole("button", { name: "Add an app" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "Walking club" });
    await row.getByText("https://walking.example/cb").waitFor();
    await row.getByRole("button", { name: /^Strike off/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Strike off" }).click();
    await row.getByText("Struck off").waitFor();
  });
  await visit(browser, { url: server.url, size: "phone", name: "apps-list-phone" }, async (page) => {
    await comeIn(page, "admin1");
    await page.goto("/admin/apps");
    await settled(page);
    await fitsTheScreen(page);
    await axe(page);
  });
});
