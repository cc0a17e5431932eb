import { createFileRoute } from "@tanstack/react-router";
import { CasesPage } from "@/features/cases/CasesPage";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/cases")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient", "practitioner", "administrator"),
  component: Cases,
});

function Cases() {
  return <CasesPage role={Route.useRouteContext().session.account.role} />;
}
