import { createFileRoute } from "@tanstack/react-router";
import { UsersPage } from "@/features/admin/UsersPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/admin/users")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: Users,
});

function Users() {
  return <UsersPage own={Route.useRouteContext().session.account.id} />;
}
