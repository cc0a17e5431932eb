import { createFileRoute } from "@tanstack/react-router";
import { RequestsPage } from "@/features/doctor/RequestsPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/requests/")({
  beforeLoad: ({ context }) => requireRole(context.session, "practitioner"),
  component: RequestsPage,
});
