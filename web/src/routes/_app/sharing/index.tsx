import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { SharingPage } from "@/features/sharing/SharingPage";
import { openProfile } from "@/lib/profile";
import { requireRole } from "../../-guard";

const Duties = lazy(() => import("@/features/sealed/Duties"));

export const Route = createFileRoute("/_app/sharing/")({
  validateSearch: (search): { renew?: number } => ({
    renew: typeof search.renew === "number" ? search.renew : undefined,
  }),
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Sharing,
});

function Sharing() {
  const patient = Route.useRouteContext().session.account.patient ?? "";
  const duties = !openProfile() && (
    <Suspense>
      <Duties patient={patient} />
    </Suspense>
  );
  return <SharingPage renew={Route.useSearch().renew} duties={duties} />;
}
