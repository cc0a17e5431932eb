import { createFileRoute } from "@tanstack/react-router";
import { VerificationPage } from "@/features/admin/VerificationPage";
import { requireRole } from "../../../-guard";

export const Route = createFileRoute("/_app/admin/verifications/$account")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: Verification,
});

function Verification() {
  return <VerificationPage account={Number(Route.useParams().account)} />;
}
