// Creates the one query cache of a tab.
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { isGone, Problem } from "./client";

const MINUTE = 60_000;

export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // What is gone, or hidden from whoever looks, leaves the page too: an open page keeps nothing that it may not read again.
      if (isGone(error) && query.state.data !== undefined) query.setState({ data: undefined });
      // The server has the last word on who is signed in; any refused read asks it again.
      if (error instanceof Problem && error.status === 401 && error.kind !== "step-up")
        queries.invalidateQueries({ queryKey: ["session"] });
    },
  }),
  defaultOptions: {
    queries: {
      // Every reading of a record is written to the ledger, so the app reads again when told to (api/live.ts) and not out of habit.
      staleTime: 5 * MINUTE,
      // Without a network a question fails and the page says so, instead of waiting in silence.
      networkMode: "always",
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
    },
    mutations: { networkMode: "always" },
  },
});
