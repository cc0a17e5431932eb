import { createFileRoute } from "@tanstack/react-router";
import { ComparePage, type Days } from "@/features/record/compare/ComparePage";
import { isoDay } from "@/lib/dates";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const dayOf = (value: unknown): string | undefined =>
  typeof value === "string" && DAY.test(value) ? value : undefined;

export const Route = createFileRoute("/_app/record/$patient/compare")({
  validateSearch: (search): Partial<Days> => ({ before: dayOf(search.before), after: dayOf(search.after) }),
  component: Compare,
});

/** A year ago and today, when nothing else is said. */
function Compare() {
  const { patient } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const today = new Date();
  const old = new Date(today);
  old.setFullYear(old.getFullYear() - 1);
  const days = { before: search.before ?? isoDay(old), after: search.after ?? isoDay(today) };
  return (
    <ComparePage
      patient={patient}
      days={days}
      onDays={(next) => navigate({ search: next, replace: true, resetScroll: false })}
    />
  );
}
