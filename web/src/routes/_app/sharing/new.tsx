import { createFileRoute } from "@tanstack/react-router";
import { WizardPage } from "@/features/sharing/WizardPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/sharing/new")({
  validateSearch: (search): { request?: string } => ({
    request:
      typeof search.request === "string" || typeof search.request === "number" ? String(search.request) : undefined,
  }),
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Wizard,
});

function Wizard() {
  return <WizardPage request={Route.useSearch().request} />;
}
