import { createFileRoute } from "@tanstack/react-router";
import { SharingPage } from "@/features/sharing/SharingPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/sharing/")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: SharingPage,
});
