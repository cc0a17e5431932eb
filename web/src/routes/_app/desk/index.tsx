import { createFileRoute } from "@tanstack/react-router";
import { DeskPage } from "@/features/desk/DeskPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/desk/")({
  validateSearch: (search): { met?: number } => ({ met: typeof search.met === "number" ? search.met : undefined }),
  beforeLoad: ({ context }) => requireRole(context.session, "patient", "practitioner"),
  component: Desk,
});

function Desk() {
  const { role } = Route.useRouteContext().session.account;
  const { met } = Route.useSearch();
  return <DeskPage side={role === "patient" ? "patient" : "practitioner"} met={met} />;
}
