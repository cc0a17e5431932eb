import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { BackLink } from "@/features/record/BackLink";
import { requireRole } from "../../-guard";

const SealedPage = lazy(() => import("@/features/sealed/SealedPage"));

export const Route = createFileRoute("/_app/documents/sealed/$id")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Sealed,
});

function Sealed() {
  const { t } = useTranslation();
  const { id } = Route.useParams();
  const patient = Route.useRouteContext().session.account.patient ?? "";
  return (
    <div className="stack">
      <BackLink to="/documents">{t("documents.title")}</BackLink>
      <Suspense>
        <SealedPage key={id} reader={{ patient, practitioner: null }} id={id} />
      </Suspense>
    </div>
  );
}
