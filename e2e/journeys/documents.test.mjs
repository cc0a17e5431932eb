// Documents: twenty files dropped at once, papers photographed, values read, confirmed and drawn, deleted and brought back, and
// who else sees them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, startBrowser, visit } from "../support/browser.mjs";
import { Camera } from "../support/camera.mjs";
import { docx, letterPdf, paperFrame, png, reportPdf, text } from "../support/files.mjs";
import { comeIn, give, goTo, newcomer, program, say, SENTENCE, settled } from "../support/people.mjs";
import { startServer } from "../support/server.mjs";

let server;
let browser;
let camera;
let person;

before(async () => {
  camera = await Camera.off();
  await camera.show(paperFrame());
  server = await startServer();
  browser = await startBrowser(camera.flags);
  person = await newcomer(server, "Papers");
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await camera?.remove();
});

const program1 = () => program(server, person.email, SENTENCE);

/** The documents of the person, as a program sees them. */
async function listed(query = "") {
  const { token, account } = await program1();
  return (await say(server, `/api/patients/${account.patient}/documents?count=100${query}`, { token })).items;
}

/** Puts a file into the record without the pages. */
async function add(name, bytes) {
  const { token, account } = await program1();
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/octet-stream" };
  const address = `${server.url}/api/documents?patient=${account.patient}&name=${encodeURIComponent(name)}`;
  const response = await fetch(address, { method: "POST", headers, body: bytes });
  assert.equal(response.status, 201, await response.clone().text());
  return response.json();
}

/** Waits until reading is over, one way or the other. */
async function wasRead(id) {
  const { token } = await program1();
  for (let left = 300; left > 0; left--) {
    const found = await say(server, `/api/documents/${id}`, { token });
    if (found.state === "read" || found.state === "unreadable") return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${id} was not read`);
}

/** Lets files fall on the page, as from a folder beside it. */
function drop(page, files) {
  const packed = files.map(({ name, bytes }) => ({ name, base64: bytes.toString("base64") }));
  return page.evaluate((all) => {
    const load = new DataTransfer();
    for (const { name, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      load.items.add(new File([bytes], name));
    }
    for (const kind of ["dragenter", "dragover", "drop"]) {
      document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: load, bubbles: true, cancelable: true }));
    }
  }, packed);
}

/** Five of each kind. */
const mixed = () =>
  Array.from({ length: 5 }, (_, i) => [
    { name: `note ${i}.txt`, bytes: text(`Note number ${i}: the knee is better.`) },
    { name: `picture ${i}.png`, bytes: png(200, 280, 180 + i) },
    { name: `letter ${i}.pdf`, bytes: letterPdf(`Letter number ${i} about the shoulder`) },
    { name: `summary ${i}.docx`, bytes: docx(`Summary number ${i} of the stay`) },
  ]).flat();

test("twenty mixed files fall on the page, arrive one by one, and a harmful one is refused in words", async (t) => {
  const options = { url: server.url, name: "documents, drop", expected: [/422/] };
  await visit(browser, options, async (page) => {
    await comeIn(page, person.email, SENTENCE);
    await page.goto("/home");
    await goTo(page, "Documents");
    await page.getByText("No documents yet").waitFor();
    await axe(page);
    const begun = performance.now();
    await drop(page, [...mixed(), { name: "holiday.pdf.exe", bytes: Buffer.from("MZ\u0090 this program cannot be run") }]);
    const tray = page.getByRole("region", { name: "Files on their way" });
    await tray.getByText("20 of 21 files added. Nothing is on its way.").waitFor({ timeout: 120_000 });
    t.diagnostic(`20 files arrived after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    const refused = tray.getByRole("listitem").filter({ hasText: "holiday.pdf.exe" });
    await refused.getByText("This kind of file is not taken").waitFor();
    await tray.getByText("1 file was not taken.").waitFor();
    assert.match(await tray.getByRole("listitem").first().innerText(), /holiday/, "what was not taken stands first");
    await axe(page);
    assert.equal((await listed()).length, 20);
    // The same again is taken, and said.
    await tray.getByRole("button", { name: "Clear the list" }).click();
    await drop(page, [mixed()[0]]);
    await tray.getByText("Added, but you have this file already.").waitFor();
    const [again] = await listed();
    assert.ok(again.sameAs, "it knows the other one");
    for (const { id } of await listed()) await wasRead(id);
    await page.getByRole("searchbox", { name: "Search in documents" }).fill("shoulder");
    const list = page.getByRole("list", { name: "Documents" });
    await list.getByRole("listitem").nth(5).waitFor({ state: "detached" });
    assert.equal(await list.getByRole("link", { name: /^letter \d/ }).count(), 5, "found by the words inside");
    // The way in the menu leads to all of them, and stays there.
    await goTo(page, "Documents");
    await page.getByRole("searchbox", { name: "Search in documents" }).and(page.locator('[value=""]')).waitFor();
    await list.getByRole("listitem").nth(5).waitFor();
    await page.waitForTimeout(500);
    assert.equal(new URL(page.url()).searchParams.get("q"), null);
    await list.getByRole("link", { name: /^letter 3/ }).click();
    await page.getByRole("img", { name: /^Page 1 of letter 3/ }).waitFor();
    await page.getByRole("button", { name: "Text", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search in this text" }).fill("NUMBER 3");
    await page.getByText("1 of 1").waitFor();
    await page.getByRole("button", { name: "See on page 1" }).click();
    await page.locator("[data-current]").waitFor();
  });
});

test("on a phone three pages are photographed, cut, put in order, and become one document", async () => {
  await visit(browser, { url: server.url, size: "phone", name: "documents, camera" }, async (page) => {
    await comeIn(page, person.email, SENTENCE);
    await page.goto("/documents");
    await page.getByRole("link", { name: "Take photographs" }).click();
    await page.getByRole("button", { name: "Open the camera" }).click();
    const take = page.getByRole("button", { name: "Take photograph", exact: true });
    for (const taken of ["1 page", "2 pages", "3 pages"]) {
      await take.click();
      await page.getByText(taken, { exact: true }).waitFor();
    }
    // The paper was found: the corners are not those of the picture.
    await page.getByRole("button", { name: "Cut and turn page 2" }).click();
    const corner = page.getByRole("button", { name: "Corner top left" });
    const before = await corner.evaluate((dot) => Number.parseFloat(dot.style.left));
    assert.ok(before > 20 && before < 36, `the paper begins at ${before} %`);
    await corner.press("ArrowRight");
    assert.ok((await corner.evaluate((dot) => Number.parseFloat(dot.style.left))) > before);
    await axe(page);
    await fitsTheScreen(page);
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Move page 3 forward" }).click();
    await page.getByLabel("Name of the document").fill("Report of three pages");
    await axe(page);
    await page.getByRole("button", { name: "Add 3 pages as one document" }).click();
    await page.getByRole("list", { name: "Documents" }).getByRole("link", { name: /^Report of three pages/ }).click();
    await page.getByText("Page 1 of 3").waitFor();
    await page.getByRole("region", { name: "Page 1" }).press("PageDown");
    await page.getByText("Page 2 of 3").waitFor();
    await fitsTheScreen(page);
  });
});

test("values are read from a report, confirmed by keyboard beside their place, and drawn", async () => {
  const { id } = await add("blood.pdf", reportPdf());
  const read = await wasRead(id);
  assert.equal(read.toConfirm, 4, JSON.stringify(read));
  await visit(browser, { url: server.url, name: "documents, review" }, async (page) => {
    const { patient } = await comeIn(page, person.email, SENTENCE);
    await page.goto(`/documents/${id}`);
    await page.getByRole("link", { name: "Look at the values" }).click();
    await page.getByText("0 of 4").waitFor();
    await page.locator("[data-current]").waitFor();
    const rows = page.getByRole("list", { name: "Values" });
    const open = rows.locator('[aria-current="true"]');
    await axe(page);
    await open.press("Enter");
    await page.getByText("1 of 4").waitFor();
    await page.keyboard.press("s");
    await page.getByText("2 of 4").waitFor();
    await page.keyboard.press("u");
    await page.getByText("1 of 4").waitFor();
    await page.getByRole("button", { name: /^Confirm (all|the one)/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /^Confirm/ }).click();
    await page.getByText("4 of 4").waitFor();
    const over = page.getByRole("region", { name: "All values are decided" });
    await over.getByText("4 values were added to the record.").waitFor();
    await over.getByRole("link", { name: "See the charts" }).click();
    await page.getByRole("link", { name: /Hemoglobin/ }).getByText("13.4").waitFor();
    const { token } = await program1();
    const found = await say(server, `/fhir/Observation?patient=${patient}&code=718-7`, { token });
    await page.goto(`/record/${patient}/entry/Observation/${found.entry[0].resource.id}`);
    await page.getByRole("link", { name: "See it in the document" }).click();
    await page.locator("[data-current]").waitFor();
    assert.ok(new URL(page.url()).pathname === `/documents/${id}`);
  });
});

test("a held key confirms one value, a number without a unit is asked about, and the same file adds nothing twice", async () => {
  const report = {
    head: ["Southside Laboratory", "Laboratory report", "Date of collection: 05 Mar 2026"],
    rows: [
      ["Test", "Result", "Unit", "Reference range"],
      ["Hemoglobin", "13.1", "g/dL", "12.0 - 15.5"],
      ["Platelets", "245", "", "150 - 400"],
      ["Potassium", "4.4", "mmol/L", "3.5 - 5.1"],
    ],
  };
  const { id } = await add("platelets.pdf", reportPdf(report));
  const read = await wasRead(id);
  assert.equal(read.toConfirm, 3, JSON.stringify(read));
  await visit(browser, { url: server.url, name: "documents, held key" }, async (page) => {
    const { patient } = await comeIn(page, person.email, SENTENCE);
    await page.goto(`/documents/${id}`);
    await page.getByRole("link", { name: "Look at the values" }).click();
    await page.getByText("0 of 3").waitFor();
    const rows = page.getByRole("list", { name: "Values" });
    await rows.locator('[aria-current="true"]').focus();
    for (let n = 0; n < 12; n++) {
      await page.keyboard.down("Enter");
      await page.waitForTimeout(60);
    }
    await page.keyboard.up("Enter");
    await page.getByText("1 of 3").waitFor();
    const platelets = rows.locator('[aria-current="true"]');
    await platelets.getByText("In which unit?").waitFor();
    await axe(page);
    // Enter leads to what is missing, and confirms nothing.
    await page.keyboard.press("Enter");
    await platelets.getByRole("combobox", { name: "Unit" }).and(page.locator(":focus")).waitFor();
    assert.ok(await platelets.getByRole("button", { name: "Confirm", exact: true }).isDisabled());
    await platelets.getByRole("checkbox", { name: "The paper gives no unit" }).check();
    await platelets.getByRole("button", { name: "Confirm", exact: true }).click();
    await page.getByText("2 of 3").waitFor();
    // The same again, under another name.
    const { id: twin } = await add("platelets again.pdf", reportPdf(report));
    await wasRead(twin);
    await page.goto(`/documents/${twin}`);
    await page.getByRole("link", { name: "Look at the values" }).click();
    await page.getByText("2 of these values were added already").waitFor();
    await axe(page);
    await fitsTheScreen(page);
    await page.getByRole("button", { name: "Skip these 2" }).click();
    await page.getByText("2 of 3").waitFor();
    const { token } = await program1();
    const all = await say(server, `/fhir/Observation?patient=${patient}&code=777-3`, { token });
    assert.equal(all.entry.length, 1);
    // One number without a unit takes no chart over: there is none with a unit, so it is drawn.
    assert.equal((await say(server, `/api/patients/${patient}/series/777-3`, { token })).points.length, 1);
  });
});

test("what was deleted comes back, and a doctor sees documents only while the patient lets them", async () => {
  const { id, title } = await add("letter to see.txt", text("A letter that a doctor may see."));
  const { account: doctor } = await program(server, "doctor1");
  const grant = await give(server, person.email, { type: "practitioner", id: doctor.practitioner });
  await visit(browser, { url: server.url, name: "documents, delete" }, async (page) => {
    const { patient } = await comeIn(page, person.email, SENTENCE);
    await page.goto(`/documents/${id}`);
    await page.getByText("A letter that a doctor may see.").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("list", { name: "Documents" }).getByRole("link", { name: title }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("link", { name: "Recently deleted" }).click();
    await page.getByText("30 days left").waitFor();
    await axe(page);
    await page.getByRole("button", { name: `Bring back ${title}` }).click();
    await page.getByText("Nothing was deleted").waitFor();
    await visit(browser, { url: server.url, name: "documents, doctor" }, async (theirs) => {
      await comeIn(theirs, "doctor1");
      await theirs.goto(`/record/${patient}/documents`);
      await theirs.getByRole("link", { name: title }).click();
      await theirs.getByText("A letter that a doctor may see.").waitFor();
      assert.equal(await theirs.getByRole("button", { name: "Delete" }).count(), 0);
      await axe(theirs);
      const { token } = await program1();
      await say(server, `/api/grants/${grant.id}/revoke`, { token, method: "POST" });
      await theirs.getByText("This record is closed").waitFor();
      const answer = await theirs.request.get(`/api/documents/${id}`);
      assert.equal(answer.status(), 404);
      await theirs.goto(`/record/${patient}/documents/${id}`);
      await settled(theirs);
      assert.equal(await theirs.getByText("A letter that a doctor may see.").count(), 0);
    });
  });
});
