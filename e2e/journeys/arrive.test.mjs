// Coming in and going out: with a new record, with a wrong password, without a mouse, and without saying goodbye.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, endAllAccess, goTo, PASSWORD, program, settled, signIn } from "../support/people.mjs";
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

/** The account that the server takes this browser for. */
const whoIsIn = async (page) => (await (await page.request.get("/api/auth/session")).json()).account;

test("somebody new makes a record, finds every page kindly empty, and signs out", async () => {
  await visit(browser, { url: server.url, size: "phone", name: "register" }, async (page) => {
    const email = `nora.${Date.now()}@healthsync.example`;
    await page.goto("/register");
    await page.getByLabel("First name").fill("Nora");
    await page.getByLabel("Last name").fill("Newman");
    await page.getByLabel("Date of birth").fill("1991-05-17");
    await page.getByLabel("Sex or gender").selectOption({ label: "Female" });
    await page.getByLabel("E-mail").fill(email);
    const create = page.getByRole("button", { name: "Create my record" });
    await page.getByLabel("Password", { exact: true }).fill("short");
    assert.equal(await create.isDisabled(), true, "seven letters are no password");
    await page.getByLabel("Password", { exact: true }).fill("a short sentence");
    await create.click();

    await page.getByRole("heading", { name: "Hello, Nora" }).waitFor();
    await page.getByText("Nothing needs you right now.").waitFor();
    await page.getByText("The record is empty so far").waitFor();
    await page.getByText("Nobody but you can read your record now.").waitFor();
    const tabs = page.getByRole("navigation", { name: "Main, short" });
    await tabs.getByRole("link", { name: "Record" }).click();
    await page.getByRole("heading", { name: "Summary" }).waitFor();
    const parts = page.getByRole("navigation", { name: "Parts of the record" });
    await parts.getByRole("link", { name: "Charts" }).click();
    await page.getByText("No readings yet").waitFor();
    await tabs.getByRole("link", { name: "Sharing" }).click();
    await page.getByText("Nobody but you can read your record", { exact: true }).waitFor();
    await tabs.getByRole("link", { name: "Who read it" }).click();
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    await page.getByText("Everything checks out").waitFor();
    await page.getByRole("button", { name: "Only others, not me" }).click();
    await page.getByText("1 entry", { exact: true }).waitFor();
    await page.getByText("Registration added an entry (personal details)").waitFor();
    await page.getByRole("banner").getByRole("link", { name: "Inbox" }).click();
    await page.getByText("No messages").waitFor();
    await tabs.getByRole("button", { name: "More" }).click();
    await axe(page);
    await page.getByRole("dialog", { name: "More" }).getByRole("link", { name: "Changes" }).click();
    await page.getByRole("heading", { name: "Changes" }).first().waitFor();

    await page.getByRole("link", { name: "Account" }).click();
    await page.getByRole("list", { name: "Where you are signed in" }).getByText("This device").waitFor();
    // What the page still asks would be refused once the session is over.
    await settled(page);
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("heading", { name: "One health record. Yours." }).waitFor();
    assert.equal(await whoIsIn(page), null, "the session is over on the server too");
    await page.goBack();
    await page.getByRole("heading", { name: "Sign in" }).or(page.getByText("I have an account")).waitFor();
    assert.equal(await page.getByText("Nora").count(), 0, "the way back leads to nobody's page");
    await signIn(page, email, "a short sentence");
    await page.getByRole("heading", { name: "Hello, Nora" }).waitFor();
  });
});

test("an e-mail that has a record already is told to sign in instead", async () => {
  const options = { url: server.url, name: "taken", expected: [/status of 409 .*\/api\/auth\/register/] };
  await visit(browser, options, async (page) => {
    await page.goto("/register");
    await page.getByLabel("First name").fill("Asha");
    await page.getByLabel("Last name").fill("Rao");
    await page.getByLabel("Date of birth").fill("1978-07-24");
    await page.getByLabel("E-mail").fill("patient1@healthsync.example");
    await page.getByLabel("Password", { exact: true }).fill("a short sentence");
    await page.getByRole("button", { name: "Create my record" }).click();
    await page.getByText("There is already an account with this e-mail. Sign in instead.").waitFor();
  });
});

test("a wrong password is refused in plain words, the right one leads where one wanted to go", async () => {
  const expected = [/status of 401 .*\/api\/auth\/login/];
  await visit(browser, { url: server.url, name: "wrong password", expected }, async (page) => {
    await page.goto("/inbox");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("User name or e-mail").fill("patient2");
    const password = page.getByLabel("Password", { exact: true });
    await password.fill("password124");
    const enter = page.getByRole("button", { name: "Sign in", exact: true });
    await enter.click();
    await page.getByText("User name and password do not match").waitFor();
    await password.fill(PASSWORD);
    await enter.click();
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
  });
});

test("without a mouse: sign in, give access to a doctor, and stop it again", async () => {
  await endAllAccess(server, "patient3");
  const { account: doctor } = await program(server, "doctor2");
  await visit(browser, { url: server.url, name: "keyboard" }, async (page) => {
    const keys = page.keyboard;
    /** Moves on with the Tab key until the focus stands on what is wanted, as somebody who sees where the focus is. */
    const tabTo = async (wanted, most = 40) => {
      for (let i = 0; i < most; i++) {
        if (await wanted.evaluate((element) => element === document.activeElement)) return;
        await keys.press("Tab");
      }
      throw new Error(`the Tab key does not reach ${wanted}`);
    };
    await page.goto("/sign-in");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await tabTo(page.getByLabel("User name or e-mail"));
    await keys.type("patient3");
    await keys.press("Tab");
    await keys.type(PASSWORD);
    await keys.press("Enter");
    await page.getByRole("heading", { name: /^Hello/ }).waitFor();

    await tabTo(page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name: "Sharing" }));
    await keys.press("Enter");
    await page.getByRole("heading", { name: "Sharing", exact: true }).waitFor();
    await settled(page);
    await tabTo(page.getByRole("link", { name: "Give access" }));
    await keys.press("Enter");
    const search = page.getByRole("searchbox", { name: "Name of a doctor or clinic" });
    await search.waitFor();
    await tabTo(search);
    await keys.type(doctor.name.split(" ").at(-1));
    const choice = page.getByRole("radio", { name: doctor.name });
    await choice.waitFor();
    await tabTo(choice);
    await keys.press("Space");
    assert.equal(await choice.isChecked(), true);
    for (const heading of [/^What may/, /^How long may/, /^Check before/]) {
      await tabTo(page.getByRole("button", { name: "Next" }));
      await keys.press("Enter");
      const step = page.getByRole("heading", { name: heading });
      await step.waitFor();
      const focused = await step.evaluate((element) => element === document.activeElement);
      assert.equal(focused, true, "each step takes the focus");
    }
    await page.getByRole("region", { name: "Preview" }).waitFor();
    await tabTo(page.getByRole("button", { name: "Give access" }));
    await keys.press("Enter");
    const card = page.getByRole("article", { name: `Access of ${doctor.name}` }).first();
    await card.waitFor();

    const stop = card.getByRole("button", { name: "Stop access" });
    await tabTo(stop);
    await keys.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await keys.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal(await stop.evaluate((element) => element === document.activeElement), true, "the focus returns");
    await keys.press("Enter");
    await tabTo(dialog.getByRole("button", { name: "Stop now" }), 10);
    await keys.press("Enter");
    await page.getByText("Nobody but you can read your record", { exact: true }).waitFor();
  });
});

test("who goes away is asked, and signed out when nobody answers", async () => {
  await visit(browser, { url: server.url, name: "idle" }, async (page) => {
    await page.clock.install();
    await comeIn(page, "patient2");
    const { idleSeconds } = await (await page.request.get("/api/auth/session")).json();
    await page.goto("/home");
    await page.getByRole("heading", { name: /^Hello/ }).waitFor();
    const nearlyOver = (idleSeconds - 60) * 1000;
    await page.clock.fastForward(nearlyOver);
    await page.getByRole("dialog", { name: "Are you still there?" }).waitFor();
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await goTo(page, "Sharing");
    await page.getByRole("heading", { name: "Sharing", exact: true }).waitFor();

    await page.clock.fastForward(nearlyOver);
    await page.getByRole("dialog", { name: "Are you still there?" }).waitFor();
    await page.clock.fastForward(61_000);
    await page.getByText("You were signed out because nobody used this page for a while.").waitFor();
    assert.equal(await whoIsIn(page), null, "not only the page forgot it");
  });
});
