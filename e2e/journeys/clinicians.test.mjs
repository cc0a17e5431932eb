// Nobody is a doctor here by their word alone: a clinician hands in papers, two administrators look at them, and only then can
// a patient let the clinician in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { ask, comeIn, endAllAccess, give, LICENCE, program, say, settled } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";

const PASSWORD = "a first sentence";
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

/** Fills in everything and hands it in; `look` is where a journey looks at the page before. */
async function handIn(page, look = async () => {}) {
  await page.getByRole("heading", { name: "Show that you are a clinician" }).waitFor();
  await page.getByText("You are not verified yet").waitFor();
  await page.getByLabel("Profession").fill("Cardiologist");
  await page.getByLabel("Register", { exact: true }).fill("General Medical Council");
  await page.getByLabel("Registration number").fill("7654321");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Your details are saved").waitFor();
  await page.getByLabel("Add a document").setInputFiles(LICENCE);
  await page.getByRole("link", { name: "licence.png" }).waitFor();
  await look(page);
  await page.getByRole("button", { name: "Hand in for verification" }).click();
  await page.getByText("Handed in: 0 of 2 checks done").waitFor();
}

/** An administrator finds whoever waits for their check at once in the queue, opens the case, and finds it good. */
async function findGood(name, clinician, said) {
  await visit(browser, { url: server.url, name: `check by ${name}` }, async (page) => {
    await comeIn(page, name);
    await page.goto("/admin/users");
    await page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name: "Clinicians" }).click();
    await page.getByRole("link", { name: clinician }).click();
    await page.getByRole("heading", { name: clinician }).waitFor();
    const paper = page.waitForEvent("download");
    await page.getByRole("link", { name: "licence.png" }).click();
    assert.equal((await paper).suggestedFilename(), "licence.png");
    await settled(page);
    await axe(page);
    await page.getByRole("button", { name: "I find it good" }).click();
    if (said === "verified") {
      await page.getByText(`${clinician} is verified now`).waitFor();
    } else {
      await page.getByText("A second administrator must look at it too.").waitFor();
      assert.equal(await page.getByRole("button", { name: "I find it good" }).isDisabled(), true, "one is one");
    }
  });
}

test("a doctor registers, reads nothing, is checked by two administrators, and is let in by a patient", async () => {
  const family = `Quill${Date.now()}`;
  const name = `Dr Adam ${family}`;
  const email = `${family.toLowerCase()}@clinic.example`;
  await endAllAccess(server, "patient1");
  const { account: patient } = await program(server, "patient1");
  const expected = [/status of 415 .*\/api\/verification\/documents/];
  await visit(browser, { url: server.url, size: "phone", name: "clinician", expected }, async (doctor) => {
    await doctor.goto("/register/clinician");
    await doctor.getByLabel("Your name").fill(name);
    await doctor.getByLabel("E-mail").fill(email);
    await doctor.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await doctor.getByRole("button", { name: "Create my account" }).click();
    await handIn(doctor, async (page) => {
      await page.getByLabel("Add a document").setInputFiles({ ...LICENCE, name: "song.mp3", buffer: Buffer.from("ID3") });
      await page.getByText("A document is a PDF, a JPG or a PNG.").waitFor();
      await fitsTheScreen(page);
      await axe(page);
    });

    const { token } = await say(server, "/api/auth/login", { body: { username: email, password: PASSWORD } });
    for (const path of [`/fhir/Patient/${patient.patient}`, "/fhir/Practitioner", "/api/my-patients"]) {
      assert.equal((await ask(server, path, { token })).status, 403, path);
    }
    await doctor.goto("/patients");
    await doctor.getByRole("heading", { name: "Show that you are a clinician" }).waitFor();

    await findGood("admin1", name, "once");
    await doctor.getByText("Handed in: 1 of 2 checks done").waitFor();
    await findGood("admin2", name, "verified");
    await doctor.getByText("Patients can find you and give you access.").waitFor();

    const { account } = await say(server, "/api/auth/session", { token });
    await give(server, "patient1", { type: "practitioner", id: account.practitioner });
    await doctor.goto("/patients");
    await doctor.getByRole("link", { name: new RegExp(patient.name) }).waitFor();
  });
  await endAllAccess(server, "patient1");
});

test("an invited doctor opens the account once, and learns why the papers came back", async () => {
  const family = `Moss${Date.now()}`;
  const name = `Dr Ada ${family}`;
  let link;
  await visit(browser, { url: server.url, name: "invite" }, async (admin) => {
    await comeIn(admin, "admin2");
    await admin.goto("/admin/verifications");
    await admin.getByRole("button", { name: "Invite a clinician" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("Full name").fill(name);
    await dialog.getByLabel("E-mail").fill(`${family.toLowerCase()}@clinic.example`);
    await dialog.getByRole("button", { name: "Make the invitation" }).click();
    // This server does not know under which address it is reached, so that it cannot send the link itself.
    const first = await dialog.getByText("/invitation#").textContent();
    await dialog.getByRole("button", { name: "Done" }).click();
    const open = admin.getByRole("list", { name: "Open invitations" }).getByRole("listitem").filter({ hasText: name });
    await open.getByText(/By .+ Sent/).waitFor();
    await axe(admin);
    await open.getByRole("button", { name: "Send again" }).click();
    const again = admin.getByRole("dialog", { name: "A new invitation" });
    link = await again.getByText("/invitation#").textContent();
    assert.notEqual(link, first, "the link before opens nothing any more");
    await again.getByRole("button", { name: "Done" }).click();
  });
  await visit(browser, { url: server.url, name: "invited" }, async (doctor) => {
    await doctor.goto(link);
    await doctor.getByLabel("Your password").fill(PASSWORD);
    await doctor.getByRole("button", { name: "Open my account" }).click();
    await handIn(doctor);
    const { token } = await program(server, "admin1");
    const { verifications } = await say(server, "/api/admin/verifications", { token });
    const { account } = verifications.find((each) => each.name === name);
    await visit(browser, { url: server.url, size: "phone", name: "return" }, async (admin) => {
      await comeIn(admin, "admin1");
      await admin.goto(`/admin/verifications/${account}`);
      await admin.getByRole("button", { name: "Send back" }).click();
      await admin.getByRole("dialog").getByLabel("What is missing?").fill("The licence cannot be read.");
      await admin.getByRole("dialog").getByRole("button", { name: "Send back" }).click();
      await admin.getByText(`${name} was told`).waitFor();
    });
    await doctor.getByText("The licence cannot be read.").waitFor();
    await doctor.goto("/inbox");
    await doctor.getByText("Your verification needs something more").waitFor();
  });
  const used = [/status of 401 .*\/api\/auth\/invitation/];
  await visit(browser, { url: server.url, name: "used", expected: used }, async (other) => {
    await other.goto(link);
    await other.getByLabel("Your password").fill(PASSWORD);
    await other.getByRole("button", { name: "Open my account" }).click();
    await other.getByText("This invitation is no longer good").waitFor();
  });
});
