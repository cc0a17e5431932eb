// Serves the built app with the mock behind it and the same security headers as the server, to look at what will ship.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { forward } from "./forward.mjs";
import { handle as mock } from "./mock.mjs";

// With HEALTHSYNC_URL set, the real server answers instead of the mock.
const handle = process.env.HEALTHSYNC_URL ? forward : mock;
const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};
export const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'";

async function file(path) {
  const wanted = normalize(path).replace(/^(\.\.[/\\])+/, "");
  try {
    return { name: wanted, body: await readFile(join(DIST, wanted === "/" ? "index.html" : wanted)) };
  } catch {
    return { name: "/index.html", body: await readFile(join(DIST, "index.html")) };
  }
}

export function serve(port) {
  const server = createServer(async (request, response) => {
    if (await handle(request, response)) return;
    const { name, body } = await file(new URL(request.url, "http://mock").pathname);
    response.writeHead(200, {
      "Content-Type": TYPES[extname(name)] ?? TYPES[".html"],
      "Content-Security-Policy": POLICY,
    });
    response.end(body);
  });
  return new Promise((done) => server.listen(port, "127.0.0.1", () => done(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.PORT ?? 4173);
  await serve(port);
  console.log(`http://127.0.0.1:${port}`);
}
