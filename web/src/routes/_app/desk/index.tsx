import { createFileRoute } from "@tanstack/react-router";
import { DeskPage } from "@/features/desk/DeskPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/desk/")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient", "practitioner"),
  component: Desk,
});

function Desk() {
  const { role } = Route.useRouteContext().session.account;
  return <DeskPage side={role === "patient" ? "patient" : "practitioner"} />;
}
