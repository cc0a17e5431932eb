import { createFileRoute } from "@tanstack/react-router";
import { HealthPage } from "@/features/admin/HealthPage";
import { FaceSwitch } from "@/features/face/FaceSwitch";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/admin/health")({
  beforeLoad: ({ context }) => requireRole(context.session, "administrator"),
  component: Health,
});

function Health() {
  return (
    <HealthPage>
      <FaceSwitch />
    </HealthPage>
  );
}
