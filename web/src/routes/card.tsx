import { createFileRoute } from "@tanstack/react-router";
import { KeptCardPage } from "@/features/exchange/KeptCardPage";

export const Route = createFileRoute("/card")({ component: KeptCardPage });
