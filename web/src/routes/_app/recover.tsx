import { createFileRoute } from "@tanstack/react-router";
import { signOutEverywhere } from "@/api/identity";
import { RecoverPage } from "@/features/account/RecoverPage";
import { useArrive } from "../-arrive";
import { leave } from "../-leave";

export const Route = createFileRoute("/_app/recover")({ component: Recover });

function Recover() {
  const { account } = Route.useRouteContext().session;
  return (
    <RecoverPage
      account={account}
      onSignOut={() => leave("/")}
      onEverywhere={() => leave("/", signOutEverywhere)}
      onFull={useArrive()}
    />
  );
}
