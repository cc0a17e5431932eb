// Keeps the application shell, never health data: /api, /fhir and /shl always go to the server and are never stored.
const CACHE = "healthsync-shell-1";
const SHELL = ["/", "/boot.js", "/icon.svg", "/manifest.webmanifest"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

// Hashed files never change, so the kept copy is as good as a fresh one.
async function assetFirst(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}

// The few files beside the hashed ones may change with a new version, so the server is asked first.
async function freshFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch {
    return (await cache.match(request)) ?? Response.error();
  }
}

// A page is always asked of the server first; without a network the shell opens and says so.
async function pageFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put("/", fresh.clone());
    return fresh;
  } catch {
    return (await cache.match("/")) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/") || url.pathname.startsWith("/fhir/") || url.pathname.startsWith("/shl/")) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(assetFirst(event.request));
  else if (SHELL.includes(url.pathname) && url.pathname !== "/") event.respondWith(freshFirst(event.request));
  else if (event.request.mode === "navigate") event.respondWith(pageFirst(event.request));
});
