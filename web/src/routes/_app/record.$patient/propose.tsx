import { createFileRoute } from "@tanstack/react-router";
import { ProposePage } from "@/features/edits/ProposePage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/record/$patient/propose")({
  beforeLoad: ({ context }) => requireRole(context.session, "practitioner"),
  component: Propose,
});

function Propose() {
  return <ProposePage patient={Route.useParams().patient} />;
}
