import { createFileRoute } from "@tanstack/react-router";
import { EmergenciesPage } from "@/features/admin/EmergenciesPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/admin/emergencies")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: EmergenciesPage,
});
