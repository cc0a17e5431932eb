// The vault that is open in this page, if one is: its keys are in memory only. It closes by the lock, when nobody did anything
// for ten minutes, and with the page. What is done with it is loaded when it is first needed.
import type { OpenVault } from "@/lib/vault/vault";

const IDLE_MS = 10 * 60_000;

let open: OpenVault | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();

export const openVault = (): OpenVault | null => open;

export function watchVault(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function tell(): void {
  for (const watcher of watchers) watcher();
}

const wait = (): void => {
  clearTimeout(timer);
  timer = setTimeout(lockVault, IDLE_MS);
};

export function keepOpen(vault: OpenVault): void {
  open = vault;
  wait();
  window.addEventListener("pointerdown", wait);
  window.addEventListener("keydown", wait);
  tell();
}

export function lockVault(): void {
  open = null;
  clearTimeout(timer);
  window.removeEventListener("pointerdown", wait);
  window.removeEventListener("keydown", wait);
  tell();
}
