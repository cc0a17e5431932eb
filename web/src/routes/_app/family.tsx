import { createFileRoute } from "@tanstack/react-router";
import { FamilyPage } from "@/features/family/FamilyPage";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/family")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Family,
});

function Family() {
  return <FamilyPage account={Route.useRouteContext().session.account} />;
}
