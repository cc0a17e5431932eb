import { createFileRoute } from "@tanstack/react-router";
import { CameraPage } from "@/features/documents/CameraPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/documents/camera")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Camera,
});

function Camera() {
  return <CameraPage patient={Route.useRouteContext().session.account.patient ?? ""} />;
}
