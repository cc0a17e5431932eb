import { createFileRoute } from "@tanstack/react-router";
import { RefusedPage, ReturnPage } from "@/features/apps/AuthorizePage";
import { Door } from "@/features/welcome/Door";

export const Route = createFileRoute("/apps/refused")({
  validateSearch: (search): { what?: string } => (typeof search.what === "string" ? { what: search.what } : {}),
  component: Refused,
});

function Refused() {
  const { what } = Route.useSearch();
  return <Door>{what === undefined ? <RefusedPage /> : <ReturnPage key={what} what={what} />}</Door>;
}
