// The administrator: makes accounts, ends sessions, checks the ledger and the server, and reads nobody's record.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, visit } from "../support/browser.mjs";
import { ask, comeIn, program, settled, signIn } from "../support/people.mjs";
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

test("a doctor joins a new clinic; somebody with a new account is locked out of the open page, and let in again", async () => {
  const username = `dr.quill.${Date.now()}`;
  const password = "first-password";
  await visit(browser, { url: server.url, name: "users" }, async (admin) => {
    await comeIn(admin, "admin1");
    await admin.goto("/admin/users");
    await admin.getByRole("button", { name: "New user" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("Full name").fill("Dr. Adam Quill");
    await dialog.getByLabel("User name or e-mail").or(dialog.getByLabel("User name", { exact: true })).fill(username);
    await dialog.getByLabel("Role").selectOption({ label: "Doctor" });
    await dialog.getByLabel("First password").fill(password);
    await dialog.getByRole("button", { name: "Create user" }).click();
    await admin.getByText("Dr. Adam Quill can sign in now, and has seven days").waitFor();

    await admin.goto("/admin/organizations");
    await admin.getByRole("button", { name: "New organization" }).click();
    const clinic = `Quill Practice ${username.slice(-4)}`;
    await admin.getByRole("dialog").getByLabel("Name").fill(clinic);
    await admin.getByRole("button", { name: "Create organization" }).click();
    await admin.getByText(`${clinic} was created`).waitFor();
    await admin.getByRole("searchbox", { name: "Find by name" }).fill(clinic);
    await admin.getByRole("button", { name: `Add member to ${clinic}` }).click();
    const { account: colleague } = await program(server, "doctor2");
    await admin.getByRole("dialog").getByRole("searchbox", { name: "Find a doctor" }).fill(colleague.name);
    await admin.getByRole("dialog").getByRole("radio", { name: colleague.name }).check();
    await admin.getByRole("dialog").getByRole("button", { name: "Add member" }).click();
    await admin.getByText("The member was added").waitFor();
    await visit(browser, { url: server.url, name: "member" }, async (doctor) => {
      await comeIn(doctor, "doctor2");
      await doctor.goto("/account");
      await doctor.getByText(clinic).waitFor();
    });

    const locked = [/status of 401/];
    await visit(browser, { url: server.url, name: "locked", expected: locked }, async (doctor) => {
      await signIn(doctor, username, password);
      // The administrator knows that password: the first thing is one of the doctor's own.
      await doctor.getByRole("heading", { name: "Choose your own password" }).waitFor();
      await doctor.goto("/verification");
      await doctor.getByRole("heading", { name: "Choose your own password" }).waitFor();
      const own = "a lamp beside the river";
      await doctor.getByLabel("Your own password").fill(own);
      await doctor.getByRole("button", { name: "Save and go on" }).click();
      await doctor.getByRole("heading", { name: "Show that you are a clinician" }).waitFor();

      await admin.goto("/admin/users");
      await admin.getByRole("searchbox", { name: "Find by name or user name" }).fill(username);
      await admin.getByRole("button", { name: "Lock Dr. Adam Quill" }).click();
      await admin.getByRole("dialog").getByRole("button", { name: "Lock", exact: true }).click();
      await admin.getByText("Dr. Adam Quill is locked").waitFor();
      await doctor.getByText("Your session has ended. Please sign in again.").waitFor();
      await signIn(doctor, username, own);
      await doctor.getByText("User name and password do not match").waitFor();

      await admin.getByRole("button", { name: "Unlock Dr. Adam Quill" }).click();
      await admin.getByText("Dr. Adam Quill can sign in again").waitFor();
      await signIn(doctor, username, password);
      await doctor.getByText("User name and password do not match").waitFor();
      await signIn(doctor, username, own);
      await doctor.getByRole("heading", { name: "Show that you are a clinician" }).waitFor();
    });
  });
});

test("the ledger is recomputed on demand, and the server says how it is", async () => {
  await visit(browser, { url: server.url, size: "phone", name: "ledger and health" }, async (page) => {
    await comeIn(page, "admin1");
    await page.goto("/admin/ledger");
    await page.getByRole("button", { name: "Verify now" }).click();
    await page.getByText("The ledger is intact").waitFor();
    await page.getByText(/^\d[\d,]* entries recomputed/).waitFor();
    await page.goto("/admin/health");
    await page.getByRole("list", { name: "Checks" }).getByText("Good").first().waitFor();
    await settled(page);
    assert.equal(await page.getByText("Broken").count(), 0);
    await page.getByText("SQLite").or(page.getByText("PostgreSQL")).first().waitFor();
  });
});

test("an administrator reads no record, neither by its address nor over the API", async () => {
  const { token } = await program(server, "admin1");
  const { account: patient } = await program(server, "patient1");
  await visit(browser, { url: server.url, name: "no record" }, async (page) => {
    await comeIn(page, "admin1");
    await page.goto(`/record/${patient.patient}`);
    const closed = page.getByRole("heading", { name: "This record is closed" });
    await closed.or(page.getByRole("heading", { name: "Users" })).waitFor();
    assert.equal(await page.getByRole("region", { name: "Open record" }).count(), 0);
  });
  for (const path of [`/fhir/Patient/${patient.patient}`, `/api/patients/${patient.patient}/summary`]) {
    assert.equal((await ask(server, path, { token })).status, 404, path);
  }
  assert.equal((await ask(server, "/fhir/Patient", { token })).body.total, 0);
});
