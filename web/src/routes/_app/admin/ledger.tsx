import { createFileRoute } from "@tanstack/react-router";
import { LedgerStatePage } from "@/features/admin/LedgerStatePage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/admin/ledger")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: LedgerStatePage,
});
