import { createFileRoute } from "@tanstack/react-router";
import { RegisterPage } from "@/features/welcome/RegisterPage";
import { useArrive } from "../-arrive";

export const Route = createFileRoute("/register/")({ component: Register });

function Register() {
  return <RegisterPage onSignedIn={useArrive()} />;
}
