import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { signOutEverywhere } from "@/api/identity";
import { ARRIVALS, type Arrival } from "@/api/providers";
import { AccountPage } from "@/features/account/AccountPage";
import { ProviderCard } from "@/features/account/ProviderCard";
import { FaceCard } from "@/features/face/FaceCard";
import { leave, leaveErased } from "../-leave";

const ConnectedApps = lazy(async () => ({ default: (await import("@/features/apps/ConnectedApps")).ConnectedApps }));
const VaultLink = lazy(() => import("@/features/sealed/VaultLink"));

export const Route = createFileRoute("/_app/account")({
  validateSearch: (search): { external?: Arrival } => ({
    external: ARRIVALS.find((each) => each === search.external),
  }),
  component: Account,
});

function Account() {
  const { account } = Route.useRouteContext().session;
  const { external } = Route.useSearch();
  const staff = account.role === "practitioner" || account.role === "administrator";
  return (
    <AccountPage
      account={account}
      onSignOut={() => leave("/")}
      onErased={leaveErased}
      onEverywhere={() => leave("/", signOutEverywhere)}
      ways={
        <>
          <FaceCard />
          {staff && <ProviderCard arrival={external} />}
        </>
      }
    >
      {(account.role === "patient" || account.role === "practitioner") && (
        <Suspense>
          <VaultLink />
        </Suspense>
      )}
      <Suspense>
        <ConnectedApps />
      </Suspense>
    </AccountPage>
  );
}
