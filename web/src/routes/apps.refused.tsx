import { createFileRoute } from "@tanstack/react-router";
import { RefusedPage } from "@/features/apps/AuthorizePage";
import { Door } from "@/features/welcome/Door";

export const Route = createFileRoute("/apps/refused")({
  component: () => (
    <Door>
      <RefusedPage />
    </Door>
  ),
});
