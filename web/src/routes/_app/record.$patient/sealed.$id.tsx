import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const SealedPage = lazy(() => import("@/features/sealed/SealedPage"));

export const Route = createFileRoute("/_app/record/$patient/sealed/$id")({ component: Sealed });

function Sealed() {
  const { patient, id } = Route.useParams();
  const { account } = Route.useRouteContext().session;
  return (
    <Suspense>
      <SealedPage key={id} reader={{ patient, practitioner: account.practitioner ?? null }} id={id} />
    </Suspense>
  );
}
