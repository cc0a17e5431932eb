// Somebody who cannot speak: the card opens on their phone without a network, its code opens in a stranger's browser, on
// paper as well, and the owner decides when it ends.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { comeIn, forget, program, say } from "../support/people.mjs";
import { readQr } from "../support/qr.mjs";
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

/** The links of the owner, newest first. */
async function links() {
  const { token } = await program(server, "patient1");
  return (await say(server, "/api/health-links", { token })).links;
}

/** Opens a link as a stranger does who has it from a card, a chat or a piece of paper. */
async function open(page, address, who, passcode) {
  await page.goto(address);
  await page.getByLabel("Your name and where you work").fill(who);
  if (passcode) await page.getByLabel("Passcode").fill(passcode);
  await page.getByRole("button", { name: "Open the summary" }).click();
}

test("the card is made, kept, opened without a network, and its code opens elsewhere", async () => {
  let address;
  // Without a network a page asks in vain, and the browser says so.
  const expected = [/ERR_INTERNET_DISCONNECTED/];
  await visit(browser, { url: server.url, size: "phone", sharp: true, name: "emergency card", expected }, async (page) => {
    await comeIn(page, "patient1");
    await page.goto("/emergency-card");
    await page.getByRole("button", { name: "Choose what it shows" }).click();
    await page.getByLabel("Essential hypertension").uncheck();
    await page.getByLabel("A note for helpers").fill("Hard of hearing");
    await page.getByRole("button", { name: "Add a contact" }).click();
    await page.getByLabel("Name", { exact: true }).last().fill("Meera Rao");
    await page.getByLabel("Relationship").last().fill("Sister");
    await page.getByLabel("Telephone").last().fill("+91 20 555 0199");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Make a QR code" }).click();
    const card = page.getByRole("article", { name: "Emergency card of Asha Rao" });
    const code = card.getByRole("img");
    await code.waitFor();
    await page.getByRole("button", { name: "Keep on this device" }).click();
    await page.getByText("The card opens here without a network").waitFor();

    const read = await readQr(browser, await code.screenshot());
    const [link] = await links();
    assert.equal(read, link.address, "the code on the screen");
    // On paper, in the smaller size.
    await page.getByRole("button", { name: "Wallet card" }).click();
    await page.emulateMedia({ media: "print" });
    assert.equal(await readQr(browser, await code.screenshot({ scale: "device" })), link.address, "the code on paper");
    await page.emulateMedia({ media: "screen" });
    address = link.address;

    await forget(page);
    await page.context().setOffline(true);
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Emergency card on this device" }).click();
    await card.getByText("Type 2 diabetes mellitus", { exact: true }).waitFor();
    await card.getByText("Hard of hearing").waitFor();
    assert.equal(await card.getByText("Essential hypertension", { exact: true }).count(), 0, "what was hidden stays hidden");
    const call = card.getByRole("link", { name: "Call Meera Rao" });
    assert.equal(await call.getAttribute("href"), "tel:+91205550199");
    const size = await card.evaluate((element) => getComputedStyle(element).fontSize);
    assert.equal(size, "24px", "18 pt");
    assert.equal(await page.getByRole("link", { name: "I am a clinician" }).getAttribute("href"), "/break-glass");
    await fitsTheScreen(page);
    await axe(page);
  });

  await visit(browser, { url: server.url, size: "desktop", name: "stranger" }, async (page) => {
    await open(page, address, "Dr Ames, Riverside Emergency");
    await page.getByRole("heading", { level: 1, name: "Asha Rao" }).waitFor();
    const first = page.getByRole("heading", { level: 2 }).first();
    assert.equal(await first.textContent(), "Allergies and intolerances", "what is dangerous not to know comes first");
    await page.getByText("Allergy to sulfonamide").waitFor();
    assert.equal(await page.context().cookies().then((cookies) => cookies.length), 0, "no account, no session");
    await fitsTheScreen(page);
    await axe(page);
  });
});

test("a passcode is asked for, wrong ones are counted, and a link that was ended opens nothing", async () => {
  let address;
  const expected = [/401/, /404/];
  await visit(browser, { url: server.url, name: "owner of a link" }, async (owner) => {
    await comeIn(owner, "patient1");
    await owner.goto("/links");
    await owner.getByRole("button", { name: "New link" }).click();
    await owner.getByLabel("What is it for?").fill("For my GP");
    await owner.getByLabel("Passcode (optional)").fill("4711");
    await owner.getByRole("button", { name: "Make the link" }).click();
    const card = owner.getByRole("article", { name: "Health link: For my GP" });
    await card.waitFor();
    address = (await links()).find((link) => link.label === "For my GP").address;

    await visit(browser, { url: server.url, name: "holder of a link", expected }, async (holder) => {
      await open(holder, address, "Dr Brown", "4712");
      await holder.getByText("4 tries are left, ever").waitFor();
      await holder.getByLabel("Passcode").fill("4711");
      await holder.getByRole("button", { name: "Open the summary" }).click();
      await holder.getByRole("heading", { level: 1, name: "Asha Rao" }).waitFor();

      // The owner's open page shows it by itself, and they end the link there.
      await card.getByText("wrong passcode", { exact: true }).waitFor();
      await card.getByText("1 of 5").waitFor();
      await card.getByRole("button", { name: "End link" }).click();
      await owner.getByRole("button", { name: "End now" }).click();
      await card.getByText("Ended").waitFor();

      await holder.reload();
      await open(holder, address, "Dr Brown", "4711");
      await holder.getByText("This link opens nothing").waitFor();
    });

    await owner.goto("/ledger");
    await owner.getByText("Dr Brown (as they said, by a health link)").first().waitFor();
  });
});
