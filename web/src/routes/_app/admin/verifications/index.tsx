import { createFileRoute } from "@tanstack/react-router";
import { VerificationsPage } from "@/features/admin/VerificationsPage";
import { requireRole } from "../../../-guard";

export const Route = createFileRoute("/_app/admin/verifications/")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: VerificationsPage,
});
