import { createFileRoute } from "@tanstack/react-router";
import { ChartsPage } from "@/features/record/ChartsPage";

export const Route = createFileRoute("/_app/record/$patient/charts/")({ component: Charts });

function Charts() {
  return <ChartsPage patient={Route.useParams().patient} />;
}
