// What this page was made of, kept so that it opens without a network. Files only, never health data.

/** The name that public/sw.js looks in. */
const CACHE = "healthsync-shell-1";
const SHELL = ["/", "/boot.js", "/icon.svg", "/manifest.webmanifest"];

/** Keeps every script and style that was loaded so far: load what must open offline first. */
export async function keepShell(): Promise<boolean> {
  if (!("caches" in window) || !("serviceWorker" in navigator)) return false;
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const named = [
    ...document.querySelectorAll<HTMLElement>("script[src], link[rel='stylesheet'], link[rel='modulepreload']"),
  ].map((element) => new URL(element.getAttribute("src") ?? element.getAttribute("href") ?? "/", window.location.href));
  const own = (url: URL) => url.origin === window.location.origin && url.pathname.startsWith("/assets/");
  const files = new Set([...SHELL, ...[...loaded, ...named].filter(own).map((url) => url.pathname)]);
  try {
    await navigator.serviceWorker.ready;
    await (await caches.open(CACHE)).addAll([...files]);
    return true;
  } catch {
    return false;
  }
}
