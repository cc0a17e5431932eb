import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, fitsTheScreen, SIZES, startBrowser, visit } from "../support/browser.mjs";
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

for (const size of Object.keys(SIZES)) {
  for (const dark of [false, true]) {
    const name = `a stranger reads the first page on a ${size}, ${dark ? "dark" : "light"}`;
    test(name, async () => {
      await visit(browser, { url: server.url, size, dark, name }, async (page) => {
        await page.goto("/");
        await page.getByRole("heading", { level: 1 }).waitFor();
        assert.match(await page.title(), /HealthSync/);
        assert.equal(await page.locator("html").getAttribute("lang"), "en");
        await fitsTheScreen(page);
        await axe(page);
      });
    });
  }
}
