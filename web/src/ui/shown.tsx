// Shows a part of a page in a test, with what the server would answer in the cache.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import "@/lib/i18n";
import { UiProvider } from "./Provider";

export type Answers = readonly (readonly [readonly unknown[], unknown])[];

/** The part as it stands on an empty page, and the cache that it reads. */
export async function shown(part: ReactNode, answers: Answers = []) {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
  });
  for (const [key, answer] of answers) client.setQueryData(key, answer);
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  const root = createRoot(place);
  await act(async () =>
    root.render(
      <QueryClientProvider client={client}>
        <UiProvider>{part}</UiProvider>
      </QueryClientProvider>,
    ),
  );
  /** What the server says otherwise meanwhile. */
  const say = (key: readonly unknown[], answer: unknown) =>
    act(async () => {
      client.setQueryData(key, answer);
      // Whoever reads the cache hears of it in a task of its own.
      await new Promise((resolve) => setTimeout(resolve));
    });
  return { place, say };
}

/** A part with links, which need to know where they are. */
export function linked(part: ReactNode, at = "/"): ReactNode {
  const history = createMemoryHistory({ initialEntries: [at] });
  const router = createRouter({ routeTree: createRootRoute({ component: () => part }), history });
  return <RouterProvider router={router as never} />;
}
