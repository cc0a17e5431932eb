import { createFileRoute } from "@tanstack/react-router";
import { ChoosePassword } from "@/features/account/ChoosePassword";
import { useArrive } from "../-arrive";
import { leave } from "../-leave";

export const Route = createFileRoute("/_app/choose-password")({ component: Choose });

function Choose() {
  return <ChoosePassword onSignOut={() => leave("/")} onChosen={useArrive()} />;
}
