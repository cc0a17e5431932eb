import { createFileRoute } from "@tanstack/react-router";
import { KeptCardLink } from "@/features/exchange/KeptCardLink";
import { FaceLink } from "@/features/face/FaceLink";
import { SignInPage } from "@/features/welcome/SignInPage";
import { useArrive } from "./-arrive";

interface SignInSearch {
  next?: string;
  notice?: "idle" | "ended";
}

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search): SignInSearch => ({
    next: typeof search.next === "string" ? search.next : undefined,
    notice: search.notice === "idle" || search.notice === "ended" ? search.notice : undefined,
  }),
  component: SignIn,
});

function SignIn() {
  const { next, notice } = Route.useSearch();
  return (
    <SignInPage
      notice={notice}
      onSignedIn={useArrive(next)}
      others={<FaceLink next={next} />}
      emergency={<KeptCardLink />}
    />
  );
}
