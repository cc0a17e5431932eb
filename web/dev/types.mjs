// Writes src/api/schema.gen.ts from ../openapi.json; with --check it only says whether that would change anything.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapi, { astToString } from "openapi-typescript";

const SOURCE = fileURLToPath(new URL("../../openapi.json", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/api/schema.gen.ts", import.meta.url));
const HEAD = "// Generated from openapi.json by `npm run types`. Do not edit.\n\n";

const { openapi: version, info, components } = JSON.parse(readFileSync(SOURCE, "utf8"));
// The app calls the API by path (src/api), so only the shapes are needed and not a type for every operation.
const fresh = HEAD + astToString(await openapi({ openapi: version, info, paths: {}, components }));

if (!process.argv.includes("--check")) {
  writeFileSync(TARGET, fresh);
} else if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== fresh) {
  console.error("src/api/schema.gen.ts does not match openapi.json. Run `npm run types`.");
  process.exit(1);
}
