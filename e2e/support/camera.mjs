// A camera that shows a person who does what the page asks: a film that Chromium plays as its fake camera.
//
// The film begins with one frame of the person at rest, which is repeated for as long as it is all there is. What
// follows is written behind it while it plays, when it is known what was asked, as a camera would go on.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shared = process.env.HEALTHSYNC_SHARED_DATA ?? resolve(root, "..", "shared", "data");
const faces = join(shared, "faces");
const models = join(root, "web", "node_modules", "@vladmandic", "face-api", "model");
const program = process.env.HEALTHSYNC_BIN ?? resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "debug", "healthsync");
const filmer = join(dirname(program), "examples", "film");

const FRAMES_PER_SECOND = 10;

/** Why there can be no film, or undefined. */
export function missing() {
  if (!existsSync(faces)) return "no portraits in ../shared/data/faces";
  if (!existsSync(models)) return "no models in web/node_modules";
  if (!existsSync(filmer)) return "the program that makes films is not built (cargo build --workspace --all-targets)";
  return undefined;
}

/** What a person looks like at rest and at each gesture. */
export async function pose(portrait) {
  const folder = await mkdtemp(join(tmpdir(), "healthsync-film-"));
  const { stdout } = await promisify(execFile)(filmer, [models, join(faces, portrait), folder]);
  const [width, height] = stdout.trim().split(" ").map(Number);
  const names = ["rest", "blink", "smile", "open-mouth", "turn-left", "turn-right", "look-up"];
  const frames = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, `${name}.yuv`))])));
  await rm(folder, { recursive: true });
  return { width, height, frames };
}

/** Like the noise of a camera: no two frames are the same. */
function noisy(frame, { width }, n) {
  const out = Buffer.from(frame);
  for (let y = 4; y < 24; y++) out.fill(16 + ((n * 7) % 200), y * width + width / 2 - 10, y * width + width / 2 + 10);
  return out;
}

export class Camera {
  /** @param {string} path of the film */
  constructor(path) {
    this.path = path;
  }

  static async off() {
    return new Camera(join(await mkdtemp(join(tmpdir(), "healthsync-camera-")), "film.y4m"));
  }

  /** The arguments by which Chromium takes the film for its camera. */
  get flags() {
    return [
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${this.path}`,
    ];
  }

  /** Somebody sits down in front of it. */
  async show(person) {
    this.person = person;
    this.head = Buffer.from(`YUV4MPEG2 W${person.width} H${person.height} F${FRAMES_PER_SECOND}:1\n`);
    await writeFile(this.path, Buffer.concat([this.head, Buffer.from("FRAME\n"), noisy(person.frames.rest, person, 0)]));
  }

  /**
   * Goes on from now: `act` says for each millisecond which pose is shown.
   * Written from the end, so that whoever reads meanwhile finds whole frames.
   */
  async play(milliseconds, act) {
    const { person, head } = this;
    const size = person.frames.rest.length + 6;
    const count = Math.ceil((milliseconds * FRAMES_PER_SECOND) / 1000);
    const file = await open(this.path, "r+");
    for (let n = count; n > 0; n--) {
      const frame = noisy(person.frames[act(((n - 1) * 1000) / FRAMES_PER_SECOND)], person, n);
      await file.write(Buffer.concat([Buffer.from("FRAME\n"), frame]), 0, size, head.length + n * size);
    }
    await file.close();
  }

  async remove() {
    await rm(dirname(this.path), { recursive: true, force: true });
  }
}

/** What somebody does who listens: the gesture half a second after its prompt, and rest when it is over. */
export function obey({ prompts }) {
  return (ms) => prompts.find(({ from, until }) => ms >= from + 500 && ms <= until)?.gesture ?? "rest";
}
