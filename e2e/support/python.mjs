// A Python with the libraries of clients/requirements.txt, in a folder of its own that is made once.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const clients = fileURLToPath(new URL("../clients", import.meta.url));
const requirements = join(clients, "requirements.txt");
const folder = fileURLToPath(new URL("../results/python", import.meta.url));
const python = join(folder, "bin", "python");
/** The oldest that the pinned versions install on. */
const OLDEST = [3, 11];

/** A lock that was left behind by a run that was killed is older than an installation takes. */
const LOCK_LASTS_MS = 180_000;

/** Runs alone among all journeys on this machine: they run side by side and share the folder. */
async function alone(work) {
  const lock = `${folder}.lock`;
  await mkdir(join(folder, ".."), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const made = await stat(lock).catch(() => undefined);
      if (made && Date.now() - made.mtimeMs > LOCK_LASTS_MS) await rm(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Why there is none here, or undefined when it is ready. A version that does not install is a fault, not an absence. */
export const preparePython = () => alone(install);

async function install() {
  const wanted = createHash("sha256").update(await readFile(requirements)).digest("hex");
  const stamp = join(folder, "installed");
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return undefined;
  const asked = ["-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])"];
  const found = await run("python3", asked).catch(() => undefined);
  if (!found) return "there is no python3 with venv here";
  const [major, minor] = found.stdout.trim().split(" ").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return `python3 is older than ${OLDEST.join(".")}`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run("python3", ["-m", "venv", folder]);
  const quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  try {
    await run(python, [...quiet, "--requirement", requirements], { timeout: 120_000 });
  } catch (error) {
    if (/NewConnectionError|Temporary failure|timed out|ConnectTimeout|ProxyError/.test(String(error.stderr))) {
      return "the Python packages cannot be fetched from here";
    }
    throw error;
  }
  await writeFile(stamp, wanted);
  return undefined;
}

/** Runs one of the scripts in clients/ and answers what it printed. */
export async function runPython(script, environment) {
  const { stdout } = await run(python, [join(clients, script)], { env: { ...process.env, ...environment } });
  return JSON.parse(stdout);
}
