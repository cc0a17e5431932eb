import { signOut } from "@/api/auth";
import { setProfile } from "@/lib/profile";

/** Where this tab keeps the receipt of an erasure: the account it belonged to is gone. */
export const RECEIPT = "healthsync.erasure";

let going = false;

/** Whether this tab is on its way out by its own choice; the end of the session is then no news. */
export const isLeaving = (): boolean => going;

/** Leaves what was erased, with the proof that it was. */
export function leaveErased(receipt: unknown): void {
  going = true;
  sessionStorage.setItem(RECEIPT, JSON.stringify(receipt));
  window.location.assign("/erased");
}

/** Signs out and loads the app anew, so that nothing of the record stays in the memory of this tab. */
export async function leave(to: string, end: () => Promise<unknown> = signOut): Promise<void> {
  going = true;
  setProfile(null);
  // If the server cannot be told, its own clock ends the session.
  await end().catch(() => {});
  window.location.assign(to);
}
