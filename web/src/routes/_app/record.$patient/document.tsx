import { createFileRoute } from "@tanstack/react-router";
import { DocumentPage } from "@/features/exchange/DocumentPage";

export const Route = createFileRoute("/_app/record/$patient/document")({ component: Document });

function Document() {
  const { patient } = Route.useParams();
  return <DocumentPage patient={patient} />;
}
