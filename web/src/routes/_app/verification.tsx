import { createFileRoute } from "@tanstack/react-router";
import { VerificationPage } from "@/features/clinician/VerificationPage";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/verification")({
  beforeLoad: ({ context }) => requireRole(context.session, "practitioner"),
  component: VerificationPage,
});
