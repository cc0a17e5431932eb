import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { FaceSetupPage } from "@/features/face/FaceSetupPage";

export const Route = createFileRoute("/_app/account_/face")({ component: SetUp });

function SetUp() {
  const { account } = Route.useRouteContext().session;
  const navigate = useNavigate();
  return <FaceSetupPage username={account.username} onDone={() => navigate({ to: "/account" })} />;
}
