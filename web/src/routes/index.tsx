import { createFileRoute, redirect } from "@tanstack/react-router";
import { session } from "@/api/auth";
import { WelcomePage } from "@/features/welcome/WelcomePage";
import { useArrive } from "./-arrive";
import { homeOf } from "./-guard";

export const Route = createFileRoute("/")({
  beforeLoad: async ({ context }) => {
    // A server that does not answer must not hide the page that says what this is.
    const current = await context.queries.ensureQueryData(session).catch(() => null);
    if (current) throw redirect({ to: homeOf(current) });
  },
  component: Welcome,
});

function Welcome() {
  return <WelcomePage onSignedIn={useArrive()} />;
}
