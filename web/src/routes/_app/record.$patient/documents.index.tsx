import { createFileRoute, redirect } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { RecordDocuments } from "@/features/documents/DocumentsPage";
import { documentFilter } from "../../-documents";

const SealedSection = lazy(() => import("@/features/sealed/SealedSection"));

export const Route = createFileRoute("/_app/record/$patient/documents/")({
  validateSearch: documentFilter,
  beforeLoad: ({ context, params }) => {
    if (context.session.account.patient === params.patient) throw redirect({ to: "/documents" });
  },
  component: Documents,
});

function Documents() {
  const { patient } = Route.useParams();
  const { account } = Route.useRouteContext().session;
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <RecordDocuments
      patient={patient}
      filter={filter}
      sealed={
        account.practitioner && (
          <Suspense>
            <SealedSection patient={patient} practitioner={account.practitioner} />
          </Suspense>
        )
      }
      onFilter={(search) => navigate({ search, replace: true, resetScroll: false })}
    />
  );
}
