import { createFileRoute } from "@tanstack/react-router";
import { ChangesPage } from "@/features/edits/ChangesPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/changes/")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient", "practitioner"),
  component: Changes,
});

function Changes() {
  const { account } = Route.useRouteContext().session;
  return <ChangesPage account={account} />;
}
