// Sealed documents in real browsers: sealed by a patient, opened by the doctor they chose until that ends, found nowhere on the
// server, and opened again on a new device.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, newcomer, program, say, SENTENCE } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";

const TEXT = "The Glimmerwick biopsy came back clear.";
const TITLE = "Letter from Snorkelbury";

let server;
let browser;
let url;

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  // Passkeys belong to a name.
  url = server.url.replace("127.0.0.1", "localhost");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A device that derives secrets. */
async function device(page) {
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
  };
  await session.send("WebAuthn.addVirtualAuthenticator", { options });
}

/** Makes a vault by the three steps; answers its recovery code. */
async function setUp(page, passkey) {
  await page.goto("/account/vault");
  await page.getByRole("button", { name: "Make my vault" }).click();
  const code = (await page.getByTestId("recovery-code").innerText()).trim();
  assert.match(code, /^([0-9A-Z]{4} ){6}[0-9A-Z]{2}$/);
  await page.getByLabel("Type the code back").fill(code.slice(1));
  await page.getByRole("button", { name: "Keep this vault" }).click();
  await page.getByText("This is not the right code").waitFor();
  await page.getByLabel("Type the code back").fill(code.toLowerCase());
  await page.getByRole("button", { name: "Keep this vault" }).click();
  await page.getByRole("heading", { name: "Step 3 of 3" }).waitFor();
  await page.getByRole("button", { name: passkey ? "Open it with this passkey" : "Not now" }).click();
  await page.getByRole("heading", { name: "Your vault is open" }).waitFor();
  return code;
}

async function everyFile(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Buffer.concat(await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0)))));
}

test("a document is sealed, given, opened, and refused at once when access ends", { timeout: 240_000 }, async () => {
  const { email, account } = await newcomer(server, "Sealing");
  const { account: doctor } = await program(server, "doctor1");
  let code;
  await visit(browser, { url, name: "sealed, doctor sets up" }, async (page) => {
    await comeIn(page, "doctor1");
    const doctorCode = await setUp(page, false);
    const doctorPage = page;
    await visit(browser, { url, name: "sealed, patient" }, async (patient) => {
      await device(patient);
      await comeIn(patient, email, SENTENCE);
      await patient.goto("/account");
      await patient.getByRole("button", { name: "Add this device" }).click();
      await patient.getByText("This device can sign you in now").waitFor();
      code = await setUp(patient, true);
      await axe(patient);
      // Sealed by the passkey's secret.
      await patient.reload();
      await patient.getByRole("button", { name: "Open with passkey" }).click();
      await patient.getByRole("heading", { name: "Your vault is open" }).waitFor();
      await patient.getByRole("link", { name: "Documents" }).first().click();
      await patient.getByRole("link", { name: "Seal a file" }).click();
      const file = { name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from(TEXT) };
      await patient.getByLabel("Choose a file").setInputFiles(file);
      await patient.getByLabel("Name", { exact: true }).fill(TITLE);
      await axe(patient);
      await patient.getByRole("button", { name: "Seal and keep" }).click();
      await patient.getByRole("link", { name: TITLE }).click();
      await patient.getByText(TEXT).waitFor();
      await axe(patient);

      // Nowhere on the server.
      const bytes = await everyFile(server.data);
      for (const word of [TEXT, TITLE]) assert.equal(bytes.includes(word), false, word);

      // Given by the wizard; the keys follow by themselves, since the vault is open.
      const { token } = await say(server, "/api/auth/login", { body: { username: email, password: SENTENCE } });
      const form = { categories: ["plan"], from: null, to: null, labels: [], sealed: ["general"], purpose: "treatment", until: null, note: null };
      const grantee = { type: "practitioner", id: doctor.practitioner };
      const grant = await say(server, "/api/grants", { token, body: { grantee, ...form } });
      await patient.goto("/sharing");
      await patient.getByText("Open your vault to finish this").waitFor();
      await patient.getByRole("button", { name: "Open with passkey" }).click();
      await patient.getByText("Open your vault to finish this").waitFor({ state: "detached" });

      await doctorPage.getByRole("link", { name: "Patients" }).first().click();
      await doctorPage.goto(`/record/${account.patient}/documents`);
      await doctorPage.getByText("Sealed document", { exact: true }).waitFor();
      assert.equal(await doctorPage.getByText(TITLE).count(), 0, "closed, it has no name");
      // The doctor's own vault opens it.
      await doctorPage.getByLabel("Recovery code").fill(doctorCode);
      await doctorPage.getByRole("button", { name: "Open with recovery code" }).click();
      await doctorPage.getByRole("link", { name: TITLE }).click();
      await doctorPage.getByText(TEXT).waitFor();
      await say(server, `/api/grants/${grant.id}/revoke`, { token, method: "POST" });
      await doctorPage.getByText(TEXT).waitFor({ state: "detached" });
      // The patient's vault is open on another page: what is sealed from now on has a key that the doctor never had.
      await patient.waitForFunction(async () => {
        const { compartments } = await (await fetch("/api/sealing")).json();
        const general = compartments.find((one) => one.compartment === "general");
        return general.epoch === 2 && !general.due && general.readers.length === 0;
      });
    });
  });
  // A new device, with nothing but the code.
  await visit(browser, { url, size: "phone", name: "sealed, new device" }, async (page) => {
    await comeIn(page, email, SENTENCE);
    await page.goto("/documents");
    await page.getByText("Sealed document", { exact: true }).waitFor();
    await page.getByLabel("Recovery code").fill(code);
    await page.getByRole("button", { name: "Open with recovery code" }).click();
    await page.getByRole("link", { name: TITLE }).click();
    await page.getByText(TEXT).waitFor();
    await fitsTheScreen(page);
  });
});

/** Reads the code of the vault that is open on a page. */
async function vaultCode(page) {
  return (await page.locator("dt", { hasText: "Code of your vault" }).locator("+ dd").innerText()).trim();
}

/** Types the code of somebody's waiting device, first a wrong one. */
async function letIn(page, code, from) {
  const typed = page.getByLabel("Code on the other screen");
  const done = page.getByRole("button", { name: "Let it in" });
  await page.getByText(from).waitFor();
  await typed.fill(code.startsWith("0") ? `1${code.slice(1)}` : `0${code.slice(1)}`);
  await done.click();
  await page.getByText("This is not the right code").waitFor();
  await typed.fill(code.toLowerCase());
  await done.click();
  await typed.waitFor({ state: "detached" });
}

test("two of three guardians let a new device in, and that device lets in the next", { timeout: 240_000 }, async () => {
  const owner = await newcomer(server, "Owning");
  const [first, second, third] = await Promise.all(["Firstone", "Secondone", "Thirdone"].map((name) => newcomer(server, name)));
  const guardian = (of, name, act) =>
    visit(browser, { url, name: `sealed, ${name}` }, async (page) => {
      await comeIn(page, of.email, SENTENCE);
      await setUp(page, false);
      await act(page, await vaultCode(page));
    });
  let away;
  await guardian(third, "guardian who is away", async (_, code) => {
    away = code;
  });
  await guardian(first, "first guardian", (one, oneCode) =>
    guardian(second, "second guardian", async (two, twoCode) => {
      await visit(browser, { url, name: "sealed, owner" }, async (page) => {
        await comeIn(page, owner.email, SENTENCE);
        await setUp(page, false);
        await page.getByRole("button", { name: "Name guardians" }).click();
        const codes = [oneCode, "AAAA AAAA AAAA", away];
        for (const [i, code] of codes.entries()) await page.getByLabel(`Code of guardian ${i + 1}`).fill(code);
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("No vault has this code").waitFor();
        await page.getByLabel("Code of guardian 2").fill(twoCode);
        await page.getByRole("button", { name: "Save" }).click();
        const list = page.getByRole("list", { name: "Guardians" });
        for (const name of ["Firstone", "Secondone", "Thirdone"]) await list.getByText(name).waitFor();
        await axe(page);
      });
      await visit(browser, { url, size: "phone", name: "sealed, let in by guardians" }, async (phone) => {
        await comeIn(phone, owner.email, SENTENCE);
        await phone.goto("/account/vault");
        await phone.getByRole("button", { name: "Ask my guardians" }).click();
        const code = (await phone.getByTestId("device-code").innerText()).trim();
        await phone.getByText("0 of 2 guardians have answered").waitFor();
        await fitsTheScreen(phone);
        await axe(phone);
        await letIn(one, code, "Nora Owning asks");
        await phone.getByText("1 of 2 guardians has answered").waitFor();
        await letIn(two, code, "Nora Owning asks");
        await phone.getByRole("heading", { name: "Your vault is open" }).waitFor();
        await visit(browser, { url, name: "sealed, let in by a device" }, async (next) => {
          await comeIn(next, owner.email, SENTENCE);
          await next.goto("/account/vault");
          await next.getByRole("button", { name: "Ask another device of mine" }).click();
          await letIn(phone, (await next.getByTestId("device-code").innerText()).trim(), "A device of yours asks");
          await next.getByRole("heading", { name: "Your vault is open" }).waitFor();
        });
      });
    }),
  );
});
