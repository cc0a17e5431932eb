import { createFileRoute } from "@tanstack/react-router";
import { LedgerPage } from "@/features/ledger/LedgerPage";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/ledger")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Ledger,
});

function Ledger() {
  return <LedgerPage patient={Route.useRouteContext().session.account.patient ?? ""} />;
}
