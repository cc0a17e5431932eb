import { signOut } from "@/api/auth";

let going = false;

/** Whether this tab is on its way out by its own choice; the end of the session is then no news. */
export const isLeaving = (): boolean => going;

/** Signs out and loads the app anew, so that nothing of the record stays in the memory of this tab. */
export async function leave(to: string, end: () => Promise<unknown> = signOut): Promise<void> {
  going = true;
  // If the server cannot be told, its own clock ends the session.
  await end().catch(() => {});
  window.location.assign(to);
}
