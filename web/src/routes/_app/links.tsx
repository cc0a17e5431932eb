import { createFileRoute } from "@tanstack/react-router";
import { LinksPage } from "@/features/exchange/LinksPage";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/links")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: LinksPage,
});
