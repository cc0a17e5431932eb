import { createFileRoute } from "@tanstack/react-router";
import { PatientsPage } from "@/features/doctor/PatientsPage";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/patients")({
  beforeLoad: ({ context }) => requireRole(context.session, "practitioner"),
  component: PatientsPage,
});
