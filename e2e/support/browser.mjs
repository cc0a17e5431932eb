// A real browser that fails a journey on what a person would not see: errors in the console, requests that broke.

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "./chromium.mjs";

const results = fileURLToPath(new URL("../results", import.meta.url));

/** Sharp where pictures are looked at or a code is read from them; elsewhere four times the points would only take time. */
const SHARP = 2;

/** The two widths every page is looked at. */
export const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

/** @param {string[]} [flags] more arguments of the browser's own */
export function startBrowser(flags = []) {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      ...flags,
    ],
  });
}

function watch(page, faults) {
  page.on("pageerror", (error) => faults.push({ text: `uncaught: ${error.message}` }));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const { url } = message.location();
    faults.push({ text: `console: ${message.text()}${url ? ` (${url})` : ""}` });
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // Leaving a page ends its open requests, the live events among them; that is no fault.
    if (why !== "net::ERR_ABORTED") faults.push({ text: `request: ${request.method()} ${request.url()} ${why}` });
  });
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push({ text: `answer: ${response.status()} ${response.url()}` });
  });
}

/**
 * Runs one person's part of a journey in a browser session of their own, then fails on anything the pages complained of.
 * @param {import("playwright-core").Browser} browser
 * @param {{ url: string, size?: "phone" | "desktop", sharp?: boolean, dark?: boolean, expected?: RegExp[], name?: string, state?: object, answered?: boolean }} options
 *   `expected` are complaints that belong to the journey, such as the 401 of a wrong password; one that does not appear fails it.
 *   `state` are the cookies of somebody who has signed in before
 *   `answered` for journeys that answer in the server's place: what a page asks by way of its service worker would pass them by
 * @param {(page: import("playwright-core").Page) => Promise<void>} walk
 */
export async function visit(browser, options, walk) {
  const size = options.size ?? "desktop";
  const context = await browser.newContext({
    ...SIZES[size],
    deviceScaleFactor: options.sharp || process.env.HEALTHSYNC_PICTURES ? SHARP : 1,
    baseURL: options.url,
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: options.dark ? "dark" : "light",
    reducedMotion: "reduce",
    storageState: options.state,
    serviceWorkers: options.answered ? "block" : "allow",
  });
  context.setDefaultTimeout(30_000);
  const faults = [];
  context.on("page", (page) => watch(page, faults));
  const page = await context.newPage();
  try {
    await walk(page);
    settle(faults, options.expected ?? []);
  } catch (error) {
    await mkdir(results, { recursive: true });
    const name = (options.name ?? "journey").replaceAll(/[^a-z0-9]+/gi, "-");
    const picture = join(results, `${name}-${size}.png`);
    await page.screenshot({ path: picture, fullPage: true }).catch(() => {});
    const said = faults.map((fault) => fault.text).join("\n");
    throw new Error(`${error.message}\nat ${page.url()}, seen in ${picture}${said ? `\n${said}` : ""}`, { cause: error });
  } finally {
    await context.close();
  }
}

function settle(faults, expected) {
  const unforeseen = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault.text)));
  if (unforeseen.length > 0) throw new Error("the page complained");
  const missing = expected.find((pattern) => !faults.some((fault) => pattern.test(fault.text)));
  if (missing) throw new Error(`expected ${missing} among the page's complaints, and it was not there`);
}

/** Fails with one line per violation of WCAG 2.2 AA (and axe's own best practices) on the page as it stands. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true) // there are no frames to be asked one by one
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  if (violations.length === 0) return;
  const lines = violations.flatMap((violation) =>
    violation.nodes.map((node) => `  ${violation.id} (${violation.impact}): ${violation.help}: ${node.target.join(" ")}`),
  );
  throw new Error(`axe found ${lines.length} on ${page.url()}:\n${lines.join("\n")}`);
}

/** Fails when the page is wider than the screen: nothing makes a phone page look more broken. */
export async function fitsTheScreen(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) throw new Error(`${page.url()} is ${over} px wider than the screen`);
}
