import { createFileRoute, redirect } from "@tanstack/react-router";
import { family } from "@/api/family";
import { switchTo } from "@/lib/profile";
import { requireRole } from "../-guard";

/** Where a message about somebody else's record leads: first into that record, then to the page. */
export const Route = createFileRoute("/_app/family_/$patient")({
  validateSearch: (search): { to?: string } => ({
    to: typeof search.to === "string" && /^\/[a-z]/.test(search.to) ? search.to : undefined,
  }),
  loaderDeps: ({ search }) => search,
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  loader: async ({ context, params, deps }) => {
    const all = await context.queries.fetchQuery(family);
    const held = all.find((one) => one.mine && one.state === "active" && one.patient.id === params.patient);
    if (!held) throw redirect({ to: "/family" });
    const { id, name } = held.patient;
    switchTo({ account: context.session.account.id, id, name }, deps.to ?? "/home");
  },
  component: () => null,
});
