import { createFileRoute, redirect } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DocumentPage } from "@/features/documents/DocumentPage";
import { BackLink } from "@/features/record/BackLink";
import { documentSearch } from "../../-documents";

export const Route = createFileRoute("/_app/record/$patient/documents/$id")({
  validateSearch: documentSearch,
  // One's own documents have a page of their own, where they can be changed.
  beforeLoad: ({ context, params, search }) => {
    if (context.session.account.patient === params.patient) {
      throw redirect({ to: "/documents/$id", params: { id: params.id }, search });
    }
  },
  component: Document,
});

function Document() {
  const { t } = useTranslation();
  const { patient, id } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <div className="stack">
      <BackLink to="/record/$patient/documents" params={{ patient }}>
        {t("documents.title")}
      </BackLink>
      <DocumentPage
        key={id}
        patient={patient}
        id={id}
        own={false}
        search={search}
        onSearch={(next) => navigate({ search: next, replace: true, resetScroll: false })}
      />
    </div>
  );
}
