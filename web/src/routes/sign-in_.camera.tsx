import { createFileRoute } from "@tanstack/react-router";
import { FaceSignInPage } from "@/features/face/FaceSignInPage";
import { Door } from "@/features/welcome/Door";
import { useArrive } from "./-arrive";

export const Route = createFileRoute("/sign-in_/camera")({
  validateSearch: (search): { next?: string } => ({ next: typeof search.next === "string" ? search.next : undefined }),
  component: Camera,
});

function Camera() {
  const onSignedIn = useArrive(Route.useSearch().next);
  return (
    <Door>
      <FaceSignInPage onSignedIn={onSignedIn} />
    </Door>
  );
}
