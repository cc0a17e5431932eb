import { createFileRoute } from "@tanstack/react-router";
import { OutboxPage } from "@/features/demo/OutboxPage";
import { Door } from "@/features/welcome/Door";

export const Route = createFileRoute("/outbox")({ component: Outbox });

function Outbox() {
  return (
    <Door wide>
      <OutboxPage />
    </Door>
  );
}
