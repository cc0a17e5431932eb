import { createFileRoute } from "@tanstack/react-router";
import { BreakGlassPage } from "@/features/emergency/BreakGlassPage";
import { requireRole } from "../-guard";

export const Route = createFileRoute("/_app/break-glass")({
  beforeLoad: ({ context }) => requireRole(context.session, "practitioner"),
  component: BreakGlassPage,
});
