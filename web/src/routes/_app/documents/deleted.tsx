import { createFileRoute } from "@tanstack/react-router";
import { DeletedPage } from "@/features/documents/DeletedPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/documents/deleted")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Deleted,
});

function Deleted() {
  return <DeletedPage patient={Route.useRouteContext().session.account.patient ?? ""} />;
}
