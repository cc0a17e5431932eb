import { createFileRoute } from "@tanstack/react-router";
import { HealthPage } from "@/features/admin/HealthPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/admin/health")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: HealthPage,
});
