import { createFileRoute, redirect } from "@tanstack/react-router";
import { WishesPage } from "@/features/inbox/WishesPage";

export const Route = createFileRoute("/_app/account_/notifications")({
  beforeLoad: ({ context }) => {
    // A program is told of nothing.
    if (context.session.account.role === "service") throw redirect({ to: "/account" });
  },
  component: Wishes,
});

function Wishes() {
  const { role } = Route.useRouteContext().session.account;
  return role === "service" ? null : <WishesPage role={role} />;
}
