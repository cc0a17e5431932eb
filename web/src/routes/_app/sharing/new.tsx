import { createFileRoute } from "@tanstack/react-router";
import { STEPS, type Step, WizardPage } from "@/features/sharing/WizardPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/sharing/new")({
  validateSearch: (search): { request?: string; desk?: number; step?: Step } => ({
    step: STEPS.find((each) => each === search.step),
    desk: typeof search.desk === "number" ? search.desk : undefined,
    request:
      typeof search.request === "string" || typeof search.request === "number" ? String(search.request) : undefined,
  }),
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Wizard,
});

function Wizard() {
  const { request, desk, step } = Route.useSearch();
  return <WizardPage request={request} desk={desk} step={step} />;
}
