import { createFileRoute } from "@tanstack/react-router";
import { OpenApps } from "@/features/apps/OpenApps";
import { SummaryPage } from "@/features/record/SummaryPage";

export const Route = createFileRoute("/_app/record/$patient/")({ component: Summary });

function Summary() {
  const { patient } = Route.useParams();
  const { account } = Route.useRouteContext().session;
  return (
    <div className="stack-loose">
      <SummaryPage patient={patient} />
      {account.role === "practitioner" && <OpenApps patient={patient} />}
    </div>
  );
}
