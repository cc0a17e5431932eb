// Opens every page of the built app in Chromium, on a phone and on a desk, in light and in dark, keeps a picture of each,
// and fails when a page breaks an accessibility rule, the security policy, or scrolls sideways.
// `npm run look -- home ledger` looks at pages whose names contain one of the words only.
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { pages } from "./pages.mjs";
import { serve } from "./serve.mjs";

const PORT = 4174;
const OUT = process.env.LOOK_OUT ?? join(tmpdir(), "healthsync-look");
const WIDTHS = [390, 1280];
const SCHEMES = ["light", "dark"];
const words = process.argv.slice(2);
const wanted = pages.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

mkdirSync(OUT, { recursive: true });
const server = await serve(PORT);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
});
const faults = [];

for (const width of WIDTHS) {
  for (const colorScheme of SCHEMES) {
    for (const page of wanted) await look(page, width, colorScheme);
  }
}

async function look({ name, user, path, act }, width, colorScheme) {
  const label = `${name}-${width}-${colorScheme}`;
  const context = await browser.newContext({
    baseURL: `http://127.0.0.1:${PORT}`,
    viewport: { width, height: width === 390 ? 844 : 860 },
    colorScheme,
    reducedMotion: "reduce",
    serviceWorkers: "block",
  });
  if (user)
    await context.request.post("/api/auth/login", {
      data: { username: user, password: "password123", session: "cookie" },
    });
  const tab = await context.newPage();
  tab.on("console", (message) => {
    // The browser reports every answer that is not a success; pages that expect one (sign-in asks who is there) are no fault.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      faults.push(`${label}: ${message.text()}`);
  });
  tab.on("pageerror", (error) => faults.push(`${label}: ${error.message}`));
  try {
    await tab.goto(path);
    await tab.locator("h1").first().waitFor();
    await tab.locator('[role="status"][aria-label="Loading"]').first().waitFor({ state: "detached" });
    if (act) await act(tab);
    await tab.waitForTimeout(250);
    const sideways = await tab.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (sideways > 0) faults.push(`${label}: scrolls sideways by ${sideways} px`);
    await tab.screenshot({ path: join(OUT, `${label}.png`), fullPage: process.env.LOOK_FULL === "1" });
    const { violations } = await new AxeBuilder({ page: tab }).withTags(TAGS).analyze();
    for (const { id, nodes } of violations)
      faults.push(
        `${label}: ${id} at ${nodes
          .slice(0, 3)
          .map((node) => `${node.target} ${node.any[0]?.message ?? ""}`)
          .join(" | ")}`,
      );
  } catch (error) {
    faults.push(`${label}: ${error.message.split("\n")[0]}`);
    await tab.screenshot({ path: join(OUT, `${label}.png`) }).catch(() => {});
  }
  await context.close();
}

await browser.close();
server.closeAllConnections();
server.close();
console.log(`${wanted.length} pages, ${wanted.length * WIDTHS.length * SCHEMES.length} pictures in ${OUT}`);
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
