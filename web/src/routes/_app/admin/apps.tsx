import { createFileRoute } from "@tanstack/react-router";
import { AppsPage } from "@/features/apps/AppsPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/admin/apps")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: AppsPage,
});
