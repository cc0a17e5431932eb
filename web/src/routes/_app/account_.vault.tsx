import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const VaultPage = lazy(() => import("@/features/sealed/VaultPage"));

export const Route = createFileRoute("/_app/account_/vault")({ component: Page });

function Page() {
  return (
    <Suspense>
      <VaultPage />
    </Suspense>
  );
}
