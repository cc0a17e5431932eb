import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { summary } from "@/api/record";
import { PrintPage } from "@/features/record/timeline/PrintPage";
import { readSearch } from "@/features/record/timeline/search";

export const Route = createFileRoute("/_app/record/$patient/print")({
  validateSearch: readSearch,
  component: Print,
});

function Print() {
  const { patient } = Route.useParams();
  const { account } = Route.useRouteContext().session;
  const { data } = useSuspenseQuery(summary(patient));
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <PrintPage
      header={data.patient}
      own={account.patient === patient}
      search={search}
      onSearch={(next) => navigate({ search: next, replace: true, resetScroll: false })}
    />
  );
}
