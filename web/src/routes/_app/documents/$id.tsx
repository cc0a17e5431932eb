import { createFileRoute } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DocumentPage } from "@/features/documents/DocumentPage";
import { BackLink } from "@/features/record/BackLink";
import { Labels } from "@/features/record/Labels";
import { documentSearch } from "../../-documents";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/documents/$id")({
  validateSearch: documentSearch,
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Document,
});

function Document() {
  const { t } = useTranslation();
  const { id } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const patient = Route.useRouteContext().session.account.patient ?? "";
  return (
    <div className="stack">
      <BackLink to="/documents">{t("documents.title")}</BackLink>
      <DocumentPage
        key={id}
        patient={patient}
        id={id}
        own
        search={search}
        onSearch={(next) => navigate({ search: next, replace: true, resetScroll: false })}
        labels={<Labels patient={patient} type="DocumentReference" id={id} own />}
      />
    </div>
  );
}
