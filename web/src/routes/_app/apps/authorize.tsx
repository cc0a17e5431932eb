import { createFileRoute } from "@tanstack/react-router";
import { AuthorizePage } from "@/features/apps/AuthorizePage";

export const Route = createFileRoute("/_app/apps/authorize")({
  validateSearch: (search): { request: string } => ({
    request: typeof search.request === "string" ? search.request : "",
  }),
  component: Authorize,
});

function Authorize() {
  const { request } = Route.useSearch();
  const { account } = Route.useRouteContext().session;
  return <AuthorizePage key={request} id={request} account={account} />;
}
