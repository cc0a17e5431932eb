import { createFileRoute } from "@tanstack/react-router";
import { signOutEverywhere } from "@/api/identity";
import { AccountPage } from "@/features/account/AccountPage";
import { ConnectedApps } from "@/features/apps/ConnectedApps";
import { FaceCard } from "@/features/face/FaceCard";
import { leave } from "../-leave";

export const Route = createFileRoute("/_app/account")({ component: Account });

function Account() {
  const { account } = Route.useRouteContext().session;
  return (
    <AccountPage
      account={account}
      onSignOut={() => leave("/")}
      onEverywhere={() => leave("/", signOutEverywhere)}
      ways={<FaceCard />}
    >
      <ConnectedApps />
    </AccountPage>
  );
}
