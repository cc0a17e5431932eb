import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import type { ErasureReceipt } from "@/api/types";
import { ErasedPage } from "@/features/account/ErasedPage";
import { Door } from "@/features/welcome/Door";
import { RECEIPT } from "./-leave";

export const Route = createFileRoute("/erased")({ component: Erased });

function Erased() {
  const [receipt] = useState<ErasureReceipt | null>(() => {
    const kept = sessionStorage.getItem(RECEIPT);
    return kept ? (JSON.parse(kept) as ErasureReceipt) : null;
  });
  return (
    <Door>
      <ErasedPage receipt={receipt} />
    </Door>
  );
}
