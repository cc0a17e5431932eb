import { createFileRoute } from "@tanstack/react-router";
import { ClinicianPage } from "@/features/welcome/ClinicianPage";
import { useArrive } from "../-arrive";

export const Route = createFileRoute("/register/clinician")({ component: Clinician });

function Clinician() {
  return <ClinicianPage onSignedIn={useArrive("/verification")} />;
}
