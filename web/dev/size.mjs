// Fails when a first screen needs more JavaScript than it may: 250 kB, compressed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 250_000;
const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${DIST}.vite/manifest.json`, "utf8"));
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);

/** A chunk and everything it imports at once. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const each of manifest[key].imports ?? []) closure(each, seen);
  return seen;
}

const weigh = (keys) =>
  [...keys].reduce((sum, key) => sum + gzipSync(readFileSync(DIST + manifest[key].file)).length, 0);
const screens = Object.keys(manifest).filter((key) => key.startsWith("src/routes/"));
const inside = Object.keys(manifest).find((key) => key.startsWith("src/routes/_app.tsx"));
const sizes = screens
  .map((key) => ({
    name: key.replace("src/routes/", "").replace(/\?.*/, ""),
    bytes: weigh(
      new Set([...closure(entry), ...closure(key), ...(key.includes("_app/") && inside ? closure(inside) : [])]),
    ),
  }))
  .sort((a, b) => b.bytes - a.bytes);

for (const { name, bytes } of sizes) console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${name}`);
const over = sizes.filter(({ bytes }) => bytes > LIMIT);
if (over.length > 0 || sizes.length === 0) {
  console.error(
    `Over the limit of ${LIMIT / 1000} kB: ${over.map(({ name }) => name).join(", ") || "no screens found"}`,
  );
  process.exit(1);
}
