// The ways one signs in, kept by their owner: recovery codes after a fresh proof, a code by e-mail that opens the account alone,
// what a lost phone costs, and the sessions that one ends from afar.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { ask, comeIn, newcomer, SENTENCE } from "../support/people.mjs";
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

/** Asks for a code and reads it in the outbox, as in any mail program. */
async function codeFor(page, email) {
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByText(`If ${email} has an account here`).waitFor();
  const mailbox = await page.context().newPage();
  await mailbox.goto("/outbox");
  const mail = mailbox.getByRole("article", { name: "Your code for HealthSync" }).filter({ hasText: email }).first();
  const [, code] = /Your code is (\d{8})/.exec(await mail.textContent());
  await mailbox.close();
  return code;
}

test("recovery codes are shown once, after a fresh proof, and open the record together with a code by e-mail", async () => {
  const { email, account } = await newcomer(server, "Keeper");
  let codes;
  const expected = [/status of 401 .*\/api\/auth\/recovery-codes/, /status of 401 .*\/api\/auth\/confirm/];
  await visit(browser, { url: server.url, size: "phone", name: "recovery codes", expected, answered: true }, async (page) => {
    await comeIn(page, email, SENTENCE);
    await page.goto("/account");
    // Five minutes pass in no test: the server's answer to a proof that is too old is put in its place, once.
    const tooOld = { status: 401, contentType: "application/problem+json", body: JSON.stringify({ kind: "step-up" }) };
    await page.route("**/api/auth/recovery-codes", (route) => route.fulfill(tooOld), { times: 1 });
    await page.getByRole("button", { name: "Make codes" }).click();
    const dialog = page.getByRole("dialog", { name: "Confirm it is you" });
    await dialog.getByLabel("Password", { exact: true }).fill("another sentence");
    await dialog.getByRole("button", { name: "Confirm", exact: true }).click();
    await dialog.getByText("That was not right. Try again.").waitFor();
    await axe(page);
    await dialog.getByLabel("Password", { exact: true }).fill(SENTENCE);
    await dialog.getByRole("button", { name: "Confirm", exact: true }).click();
    const shown = page.getByRole("dialog", { name: "Your recovery codes" });
    await shown.getByText("This is the only time you see them.").waitFor();
    codes = await shown.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
    assert.equal(new Set(codes).size, 10);
    await fitsTheScreen(page);
    await shown.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 codes left.").waitFor();
    assert.equal(await page.getByText(codes[0]).count(), 0, "they are shown once");
    // Asked for over a question that is open, the proof lies before it; who gives up has changed nothing.
    await page.route("**/api/auth/recovery-codes", (route) => route.fulfill(tooOld), { times: 1 });
    await page.getByRole("button", { name: "Make new codes" }).click();
    await page.getByRole("dialog", { name: "Make new recovery codes?" }).getByRole("button", { name: "Make new codes" }).click();
    await dialog.getByLabel("Password", { exact: true }).click();
    await axe(page);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByText("10 codes left.").waitFor();
    assert.equal(await page.getByRole("dialog", { name: "Your recovery codes" }).count(), 0);
  });

  const wrong = [/status of 401 .*\/api\/auth\/recovery-code\)/];
  await visit(browser, { url: server.url, name: "code", expected: wrong }, async (page) => {
    await page.goto("/code");
    const code = await codeFor(page, email);
    await page.getByLabel("Code from the e-mail").fill(code);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Get back in" }).waitFor();
    assert.equal((await page.request.get(`/fhir/Patient/${account.patient}`)).status(), 403, "a code opens no record");
    await page.goto("/home");
    await page.getByRole("heading", { name: "Get back in" }).waitFor();
    await axe(page);
    await page.getByLabel("Recovery code").fill("AAAAA-AAAAA");
    await page.getByRole("button", { name: "Open my record" }).click();
    await page.getByText("This recovery code is wrong or was used already.").waitFor();
    await page.getByLabel("Recovery code").fill(codes[3].toLowerCase());
    await page.getByRole("button", { name: "Open my record" }).click();
    await page.getByRole("heading", { name: "Hello, Nora" }).waitFor();
    await page.goto("/account");
    await page.getByText("9 codes left.").waitFor();
  });
});

test("without a recovery code a new password waits a day, everybody is told, and the owner can stop it", async () => {
  const { email } = await newcomer(server, "Loser");
  await visit(browser, { url: server.url, size: "phone", name: "lost" }, async (thief) => {
    await thief.goto("/code?lost=true");
    await thief.getByLabel("E-mail").waitFor();
    const code = await codeFor(thief, email);
    await thief.getByLabel("Code from the e-mail").fill(code);
    await thief.getByRole("button", { name: "Sign in", exact: true }).click();
    await thief.getByLabel("New password", { exact: true }).fill("a stolen sentence");
    await thief.getByRole("button", { name: "Set this password" }).click();
    await thief.getByText("Your new password waits").waitFor();
    await axe(thief);
    const early = { body: { username: email, password: "a stolen sentence" } };
    assert.equal((await ask(server, "/api/auth/login", early)).status, 401, "it waits");

    await visit(browser, { url: server.url, name: "owner" }, async (owner) => {
      await comeIn(owner, email, SENTENCE);
      await owner.goto("/outbox");
      await owner.getByRole("article").filter({ hasText: email }).filter({ hasText: /password/i }).first().waitFor();
      await owner.goto("/account");
      await owner.getByText("A new password waits").waitFor();
      await owner.getByRole("button", { name: "Stop it" }).click();
      await owner.getByText("A new password waits").waitFor({ state: "detached" });
      await owner.getByRole("button", { name: "Sign out all others" }).click();
      await owner.getByRole("dialog").getByRole("button", { name: "Sign out", exact: true }).click();
      await owner.getByText(/devices? (was|were) signed out/).waitFor();
      await thief.getByText("Your session has ended. Please sign in again.").waitFor();
    });
  });
});

test("a record is taken along as a file, then erased for good, with a receipt to keep", async () => {
  const { email, account } = await newcomer(server, "Leaver");
  await visit(browser, { url: server.url, size: "phone", name: "erased" }, async (page) => {
    await comeIn(page, email, SENTENCE);
    await page.goto("/account");
    const taken = page.waitForEvent("download");
    await page.getByRole("button", { name: "Only the data (FHIR)" }).click();
    const file = JSON.parse(await readFile(await (await taken).path(), "utf8"));
    assert.equal(file.entry[0].resource.id, account.patient);
    await page.getByRole("button", { name: "Erase my record" }).click();
    const dialog = page.getByRole("dialog", { name: "Erase your record for good?" });
    const erase = dialog.getByRole("button", { name: "Erase for good" });
    assert.equal(await erase.isDisabled(), true, "a slip erases nothing");
    await dialog.getByLabel("Type “erase” to confirm").fill("erase");
    await axe(page);
    await erase.click();
    await page.getByRole("heading", { name: "Your record is erased" }).waitFor();
    await fitsTheScreen(page);
    await axe(page);
    const kept = page.waitForEvent("download");
    await page.getByRole("button", { name: "Keep the receipt" }).click();
    const receipt = JSON.parse(await readFile(await (await kept).path(), "utf8"));
    assert.equal(receipt.entries, 1);
    const gone = { body: { username: email, password: SENTENCE } };
    assert.equal((await ask(server, "/api/auth/login", gone)).status, 401, "the account is gone");
  });
});
