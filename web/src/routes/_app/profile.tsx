import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { family } from "@/api/family";
import { LABELS } from "@/api/types";
import { ProfilePage } from "@/features/profile/ProfilePage";
import { openProfile } from "@/lib/profile";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/profile")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Profile,
});

/** One's own, or that of a record one looks after: as far as one was let. */
function Profile() {
  const { account } = Route.useRouteContext().session;
  const open = openProfile();
  const all = useQuery({ ...family, enabled: open !== null });
  const held = all.data?.find((one) => one.mine && one.state === "active" && one.patient.id === open?.id);
  const whole =
    !open || held?.kind === "guardianship" || (held?.categories === null && held.labels.length === LABELS.length);
  return <ProfilePage patient={account.patient ?? ""} whole={whole} acts={!open || held?.acts === true} />;
}
