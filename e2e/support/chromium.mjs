// Where the browser of this machine is. Run by itself it prints the path, or fails when there is none.

import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const NAMES = ["chromium", "google-chrome-stable", "google-chrome"];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of the browser, or undefined: $CHROMIUM first, then what the system's package manager installed. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** The folder of the headless browser that Playwright itself downloaded, or undefined; Playwright finds it unaided. */
function findPlaywrightsOwn() {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), ".cache", "ms-playwright");
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((entry) => entry.startsWith("chromium_headless_shell-"));
  return name && join(folder, name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findChromium() ?? findPlaywrightsOwn();
  if (found) console.log(found);
  else process.exitCode = 1;
}
