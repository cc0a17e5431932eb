import { createFileRoute } from "@tanstack/react-router";
import { ScanPage } from "@/features/desk/ScanPage";
import { requireRole } from "../../-guard";

export const Route = createFileRoute("/_app/desk/scan")({
  // Digits in an address are read as a number, which has no zeros in front.
  validateSearch: (search): { code?: string; met?: number } => ({
    code:
      typeof search.code === "number" || typeof search.code === "string"
        ? String(search.code).padStart(8, "0")
        : undefined,
    met: typeof search.met === "number" ? search.met : undefined,
  }),
  beforeLoad: ({ context }) => requireRole(context.session, "patient", "practitioner"),
  component: Scan,
});

function Scan() {
  const { role } = Route.useRouteContext().session.account;
  const { code, met } = Route.useSearch();
  return <ScanPage side={role === "patient" ? "patient" : "practitioner"} code={code} met={met} />;
}
