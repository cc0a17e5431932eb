import { createFileRoute } from "@tanstack/react-router";
import { EntryPage } from "@/features/record/EntryPage";

export const Route = createFileRoute("/_app/record/$patient/entry/$type/$id")({ component: Entry });

function Entry() {
  const { patient, type, id } = Route.useParams();
  return <EntryPage key={`${type}/${id}`} patient={patient} type={type} id={id} />;
}
