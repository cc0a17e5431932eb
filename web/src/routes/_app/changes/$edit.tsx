import { createFileRoute } from "@tanstack/react-router";
import { ChangesPage } from "@/features/edits/ChangesPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/changes/$edit")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient", "practitioner"),
  component: Change,
});

function Change() {
  const { account } = Route.useRouteContext().session;
  const { edit } = Route.useParams();
  return <ChangesPage account={account} only={Number(edit)} />;
}
