import { createFileRoute } from "@tanstack/react-router";
import { SummaryPage } from "@/features/record/SummaryPage";

export const Route = createFileRoute("/_app/record/$patient/")({ component: Summary });

function Summary() {
  return <SummaryPage patient={Route.useParams().patient} />;
}
