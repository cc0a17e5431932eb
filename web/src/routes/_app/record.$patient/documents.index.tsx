import { createFileRoute, redirect } from "@tanstack/react-router";
import { RecordDocuments } from "@/features/documents/DocumentsPage";
import { documentFilter } from "../../-documents";

export const Route = createFileRoute("/_app/record/$patient/documents/")({
  validateSearch: documentFilter,
  beforeLoad: ({ context, params }) => {
    if (context.session.account.patient === params.patient) throw redirect({ to: "/documents" });
  },
  component: Documents,
});

function Documents() {
  const { patient } = Route.useParams();
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <RecordDocuments
      patient={patient}
      filter={filter}
      onFilter={(search) => navigate({ search, replace: true, resetScroll: false })}
    />
  );
}
