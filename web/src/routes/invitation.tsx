import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { InvitationPage } from "@/features/welcome/InvitationPage";
import { useArrive } from "./-arrive";

export const Route = createFileRoute("/invitation")({ component: Invitation });

function Invitation() {
  const [secret] = useState(() => window.location.hash.slice(1));
  return <InvitationPage secret={secret} onSignedIn={useArrive("/verification")} />;
}
