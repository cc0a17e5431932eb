import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { requireRole } from "../../-guard";

const SealPage = lazy(() => import("@/features/sealed/SealPage"));

export const Route = createFileRoute("/_app/documents/sealed/new")({
  validateSearch: (search): { document?: string } => ({
    document: typeof search.document === "string" && search.document !== "" ? search.document : undefined,
  }),
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Seal,
});

function Seal() {
  const { document } = Route.useSearch();
  const patient = Route.useRouteContext().session.account.patient ?? "";
  return (
    <Suspense>
      <SealPage patient={patient} replaces={document} />
    </Suspense>
  );
}
