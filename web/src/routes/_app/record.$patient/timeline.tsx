import { createFileRoute } from "@tanstack/react-router";
import { readSearch } from "@/features/record/timeline/search";
import { TimelinePage } from "@/features/record/timeline/TimelinePage";

export const Route = createFileRoute("/_app/record/$patient/timeline")({
  validateSearch: readSearch,
  component: Timeline,
});

function Timeline() {
  const { patient } = Route.useParams();
  const { account } = Route.useRouteContext().session;
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <TimelinePage
      patient={patient}
      own={account.patient === patient}
      search={search}
      onSearch={(next) => navigate({ search: next, replace: true, resetScroll: false })}
    />
  );
}
