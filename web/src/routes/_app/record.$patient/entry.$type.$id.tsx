import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { EntryPage } from "@/features/record/EntryPage";

const Amend = lazy(() => import("@/features/edits/Amend"));

export const Route = createFileRoute("/_app/record/$patient/entry/$type/$id")({
  // Not the page of the document that an entry may be, but its versions and data.
  validateSearch: (search): { exact?: boolean; wrong?: boolean } => ({
    exact: search.exact === true || undefined,
    wrong: search.wrong === true || undefined,
  }),
  component: Entry,
});

function Entry() {
  const { patient, type, id } = Route.useParams();
  const { exact, wrong } = Route.useSearch();
  return (
    <EntryPage
      exact={exact}
      wrong={wrong}
      key={`${type}/${id}`}
      patient={patient}
      type={type}
      id={id}
      amend={(entry) => (
        <Suspense fallback={null}>
          <Amend entry={entry} patient={patient} />
        </Suspense>
      )}
    />
  );
}
