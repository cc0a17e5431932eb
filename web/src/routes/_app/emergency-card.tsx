import { createFileRoute, useRouter } from "@tanstack/react-router";
import { EmergencyCardPage } from "@/features/exchange/EmergencyCardPage";
import { keepShell } from "@/lib/shell";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/emergency-card")({
  validateSearch: (search): { edit?: boolean } => ({ edit: search.edit === true || undefined }),
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Card,
});

function Card() {
  const router = useRouter();
  const keep = async () => {
    const { "/card": card, "/sign-in": door, "/": welcome } = router.routesByPath;
    await Promise.all([card, door, welcome].map((route) => router.loadRouteChunk(route)));
    return keepShell();
  };
  return <EmergencyCardPage onKeep={keep} edit={Route.useSearch().edit === true} />;
}
