import { createFileRoute } from "@tanstack/react-router";
import { CATEGORIES } from "@/api/types";
import { TimelinePage, type TimelineSearch } from "@/features/record/TimelinePage";

export const Route = createFileRoute("/_app/record/$patient/timeline")({
  validateSearch: (search): TimelineSearch => {
    const wanted = Array.isArray(search.category) ? search.category : [];
    const category = CATEGORIES.filter((each) => wanted.includes(each));
    const year = Number(search.year);
    return {
      category: category.length > 0 ? category : undefined,
      year: year >= 1850 && year <= 2200 ? year : undefined,
    };
  },
  component: Timeline,
});

function Timeline() {
  const { patient } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <TimelinePage
      patient={patient}
      search={search}
      onSearch={(next) => navigate({ search: next, replace: true, resetScroll: next.year !== search.year })}
    />
  );
}
