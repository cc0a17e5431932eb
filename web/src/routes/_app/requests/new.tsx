import { createFileRoute } from "@tanstack/react-router";
import { AskPage } from "@/features/doctor/AskPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/requests/new")({
  beforeLoad: ({ context }) => requireRole(context.session, "practitioner"),
  component: AskPage,
});
