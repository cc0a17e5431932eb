import { createFileRoute } from "@tanstack/react-router";
import { SeriesPage } from "@/features/record/SeriesPage";

export const Route = createFileRoute("/_app/record/$patient/charts/$code")({ component: Chart });

function Chart() {
  const { patient, code } = Route.useParams();
  return <SeriesPage key={code} patient={patient} code={code} />;
}
