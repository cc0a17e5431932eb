import { createFileRoute } from "@tanstack/react-router";
import { DevelopersPage } from "@/features/developers/DevelopersPage";
import { Door } from "@/features/welcome/Door";

export const Route = createFileRoute("/developers")({ component: Developers });

function Developers() {
  return (
    <Door wide>
      <DevelopersPage />
    </Door>
  );
}
