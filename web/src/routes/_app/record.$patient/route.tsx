import { createFileRoute, Outlet } from "@tanstack/react-router";
import { RecordFrame } from "@/features/record/RecordFrame";
import { RecordGate } from "@/features/record/RecordGate";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/record/$patient")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient", "practitioner"),
  component: Record,
});

function Record() {
  const { patient } = Route.useParams();
  const { account } = Route.useRouteContext().session;
  return (
    <RecordGate key={patient} patient={patient} account={account}>
      {(header, grant) => (
        <RecordFrame header={header} grant={grant} own={account.patient === patient}>
          <Outlet />
        </RecordFrame>
      )}
    </RecordGate>
  );
}
