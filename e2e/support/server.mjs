// Starts the real program on a folder and a port of its own, and stops that process and no other.

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve as absolute } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = process.env.HEALTHSYNC_BIN ?? absolute(root, process.env.CARGO_TARGET_DIR ?? "target", "debug", "healthsync");

/** The demonstration fills its database on the first start, and the debug build takes its time over that. */
const START_WITHIN_MS = 120_000;
/** Enough people for a list and a search, few enough for a debug build. */
const PATIENTS = 6;
const STOP_WITHIN_MS = 10_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Runs a command of the program on a folder, beside a server that may be running on it, and answers what it printed.
 * @param {{ data: string }} place
 * @param {...string} words the command and its arguments; a last argument `{ input }` goes to its standard input
 * @returns {Promise<string>}
 */
export async function command({ data }, ...words) {
  const { input = "" } = typeof words.at(-1) === "object" ? words.pop() : {};
  const child = spawn(program, [...words, "--data", data], { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  let complained = "";
  child.stdout.on("data", (part) => (said += part));
  child.stderr.on("data", (part) => (complained += part));
  // A command that asks for nothing may be done before it is written to.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`healthsync ${words.join(" ")} ended with ${code}\n${said}${complained}`);
  return said.trim();
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Starts `healthsync demo`. With HEALTHSYNC_URL set it uses the server that runs there instead, and leaves it running.
 * @param {{ data?: string, patients?: number, demonstration?: boolean }} [options] `data`: an existing data folder, which
 *   is then kept; `demonstration: false` serves what is in it and invents nobody
 * @returns {Promise<{ url: string, data: string | undefined, log: () => Promise<string>, kill: () => Promise<void>, stop: () => Promise<void> }>}
 */
export async function startServer(options = {}) {
  if (process.env.HEALTHSYNC_URL) {
    const nothing = async () => {};
    return { url: process.env.HEALTHSYNC_URL, data: undefined, log: async () => "", kill: nothing, stop: nothing };
  }
  const data = options.data ?? (await mkdtemp(join(tmpdir(), "healthsync-e2e-")));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const results = join(root, "e2e", "results");
  await mkdir(results, { recursive: true });
  const logPath = join(results, `server-${port}.log`);
  const logFile = createWriteStream(logPath);
  const patients = String(options.patients ?? PATIENTS);
  const how = options.demonstration === false ? ["serve"] : ["demo", "--patients", patients];
  const child = spawn(program, [...how, "--data", data, "--listen", `127.0.0.1:${port}`], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.pipe(logFile, { end: false });
  child.stderr.pipe(logFile, { end: false });
  let ended;
  const exit = new Promise((resolve) => {
    child.once("error", (error) => resolve((ended = `could not be started: ${error.message}`)));
    child.once("exit", (code, signal) => resolve((ended = `ended with ${signal ?? code}`)));
  });
  const log = () => readFile(logPath, "utf8");
  const end = async (signal) => {
    if (!ended) {
      child.kill(signal);
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
      await exit;
      clearTimeout(late);
    }
    logFile.end();
  };
  // A test runner that is interrupted must not leave a server behind.
  process.once("exit", () => child.kill("SIGKILL"));

  const kill = () => end("SIGKILL");
  const stop = async () => {
    await end("SIGTERM");
    if (!options.data) await rm(data, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await answers(`${url}/api/health`))) {
    if (ended || Date.now() > deadline) {
      const why = ended ?? `did not answer within ${START_WITHIN_MS / 1000} s`;
      const said = await log();
      await stop();
      throw new Error(`${program} ${why}\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, data, log, kill, stop };
}
