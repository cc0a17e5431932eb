import { useQueryClient } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { signOut } from "@/api/auth";
import { AccountPage } from "@/features/account/AccountPage";

export const Route = createFileRoute("/_app/account")({ component: Account });

function Account() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { account } = Route.useRouteContext().session;
  const leave = async () => {
    await signOut().catch(() => {});
    client.setQueryData(["session"], null);
    await navigate({ to: "/" });
    client.clear();
  };
  return <AccountPage account={account} onSignOut={leave} />;
}
