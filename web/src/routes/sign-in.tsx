import { createFileRoute } from "@tanstack/react-router";
import { KeptCardLink } from "@/features/exchange/KeptCardLink";
import { FaceLink } from "@/features/face/FaceLink";
import { ProviderLinks } from "@/features/welcome/ProviderLinks";
import { SIGN_IN_NOTICES, type SignInNotice, SignInPage } from "@/features/welcome/SignInPage";
import { useArrive } from "./-arrive";

interface SignInSearch {
  next?: string;
  notice?: SignInNotice;
}

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search): SignInSearch => ({
    next: typeof search.next === "string" ? search.next : undefined,
    notice: SIGN_IN_NOTICES.find((each) => each === search.notice),
  }),
  component: SignIn,
});

function SignIn() {
  const { next, notice } = Route.useSearch();
  return (
    <SignInPage
      notice={notice}
      onSignedIn={useArrive(next)}
      staff={<ProviderLinks />}
      others={<FaceLink next={next} />}
      emergency={<KeptCardLink />}
    />
  );
}
