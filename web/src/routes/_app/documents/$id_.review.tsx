import { createFileRoute } from "@tanstack/react-router";
import { ReviewPage } from "@/features/documents/ReviewPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/documents/$id_/review")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Review,
});

function Review() {
  const { id } = Route.useParams();
  return <ReviewPage key={id} patient={Route.useRouteContext().session.account.patient ?? ""} id={id} />;
}
