import { createFileRoute } from "@tanstack/react-router";
import { OrganizationsPage } from "@/features/admin/OrganizationsPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/admin/organizations")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: OrganizationsPage,
});
