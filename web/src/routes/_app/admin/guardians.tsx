import { createFileRoute } from "@tanstack/react-router";
import { GuardiansPage } from "@/features/admin/GuardiansPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/admin/guardians")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: GuardiansPage,
});
