import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { family } from "@/api/family";
import { DocumentsPage } from "@/features/documents/DocumentsPage";
import { openProfile } from "@/lib/profile";
import { documentFilter } from "../../-documents";
import { requireRole } from "../../-guard";

const SealedSection = lazy(() => import("@/features/sealed/SealedSection"));

export const Route = createFileRoute("/_app/documents/")({
  validateSearch: documentFilter,
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Documents,
});

function Documents() {
  const { account } = Route.useRouteContext().session;
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  const profile = openProfile();
  const all = useQuery({ ...family, enabled: profile !== null });
  // Who only looks into a record that they look after adds nothing to it.
  const acts = !profile || all.data?.some((one) => one.mine && one.patient.id === profile.id && one.acts) === true;
  return (
    <DocumentsPage
      patient={account.patient ?? ""}
      filter={filter}
      mayAdd={acts}
      sealed={
        !profile && (
          <Suspense>
            <SealedSection patient={account.patient ?? ""} practitioner={null} />
          </Suspense>
        )
      }
      onFilter={(search) => navigate({ search, replace: true, resetScroll: false })}
    />
  );
}
