import { infiniteQueryOptions } from "@tanstack/react-query";
import { get, getText } from "./client";
import type { CheckpointAnswer, LedgerPage, ProofAnswer } from "./types";

export const ledgerEntries = (othersOnly: boolean) =>
  infiniteQueryOptions({
    queryKey: ["ledger", { othersOnly }],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      get<LedgerPage>(
        "/api/ledger/entries",
        { before: pageParam, count: 50, reads: othersOnly ? "others" : undefined },
        signal,
      ),
    getNextPageParam: (page) => page.next,
  });

/** All of the log of the record that is open, with proofs: to keep, and to check anywhere. */
export const savedLog = () => getText("/api/ledger/export");

export const checkpoint = () => get<CheckpointAnswer>("/api/ledger/checkpoint");
export const inclusionProof = (seq: number, size: number) => get<ProofAnswer>("/api/ledger/proof", { seq, size });
export const consistencyProof = (from: number, to: number) => get<ProofAnswer>("/api/ledger/consistency", { from, to });
