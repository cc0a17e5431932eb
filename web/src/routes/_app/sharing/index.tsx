import { createFileRoute } from "@tanstack/react-router";
import { SharingPage } from "@/features/sharing/SharingPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/sharing/")({
  validateSearch: (search): { renew?: number } => ({
    renew: typeof search.renew === "number" ? search.renew : undefined,
  }),
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Sharing,
});

function Sharing() {
  return <SharingPage renew={Route.useSearch().renew} />;
}
