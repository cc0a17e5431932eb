import { createRouter } from "@tanstack/react-router";
import { queries } from "@/api/queries";
import { NotFound, Oops, Waiting } from "./routes/-fallbacks";
import { routeTree } from "./routeTree.gen";

export const router = createRouter({
  routeTree,
  context: { queries },
  defaultPreload: false,
  scrollRestoration: true,
  defaultPendingComponent: Waiting,
  defaultPendingMs: 400,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Oops,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
