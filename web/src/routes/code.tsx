import { createFileRoute } from "@tanstack/react-router";
import { CodePage } from "@/features/welcome/CodePage";
import { useArrive } from "./-arrive";

interface CodeSearch {
  /** One comes because a phone or a password is lost. */
  lost?: boolean;
}

export const Route = createFileRoute("/code")({
  validateSearch: (search): CodeSearch => (search.lost === true ? { lost: true } : {}),
  component: Code,
});

function Code() {
  const { lost } = Route.useSearch();
  return <CodePage lost={lost === true} onSignedIn={useArrive()} />;
}
