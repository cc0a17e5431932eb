// Checks who may import whom: routes -> features/<room> -> fhir -> {ui, api} -> lib. Rooms never import rooms.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const MAY = {
  routes: ["routes", "features", "fhir", "ui", "api", "lib"],
  features: ["fhir", "ui", "api", "lib"],
  fhir: ["fhir", "ui", "api", "lib", "locales"],
  ui: ["ui", "lib"],
  api: ["api", "lib"],
  lib: ["lib", "locales"],
};

/** What a file belongs to: its top folder, and for a feature its room. */
function place(path) {
  const [top, room] = relative(SRC, path).split("/");
  return { top, room };
}

export function broken(from, to) {
  const here = place(from);
  const there = place(to);
  // Files beside the folders (main, router) put everything together.
  if (!(here.top in MAY)) return false;
  if (here.top === "features" && there.top === "features") return here.room !== there.room;
  // A test may ask whether every word it needs has its text.
  if (there.top === "locales" && from.includes(".test.")) return false;
  return !MAY[here.top].includes(there.top);
}

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".gen.ts"))
  .map((entry) => join(entry.parentPath, entry.name));

const wrong = files.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"((?:@\/|\.)[^"]+)"/g)].flatMap(([, path]) => {
    const target = path.startsWith("@/") ? join(SRC, path.slice(2)) : resolve(dirname(file), path);
    return broken(file, target) ? [`${relative(SRC, file)} imports ${relative(SRC, target)}`] : [];
  }),
);

if (wrong.length > 0) {
  console.error(`These imports cross an edge:\n${wrong.join("\n")}`);
  process.exit(1);
}
console.log(`${files.length} files keep the edges.`);
