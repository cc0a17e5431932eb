import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { confirmValue, documentValues, reopenValue, skipValue } from "@/api/documents";
import type { DocumentItem, DocumentValue, LabCode } from "@/api/types";
import { answerOf, type Draft, draftOf, type Fault, faultsOf, nextOpen } from "./values";

/** The state of a review: which row is open, what was typed into each, and the acts in their order, so that they can be undone. */
export function useReview(item: DocumentItem, values: DocumentValue[], codes: LabCode[]) {
  const client = useQueryClient();
  const [at, setAt] = useState(() => Math.max(nextOpen(values, -1), 0));
  const [drafts, setDrafts] = useState<Record<number, Draft>>({});
  const [acts, setActs] = useState<number[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = documentValues(item.patient, item.id).queryKey;

  const draft = (value: DocumentValue): Draft =>
    drafts[value.n] ?? draftOf(value, item.date ?? item.suggestions?.date ?? null);

  const faults = (value: DocumentValue): Fault[] => faultsOf(draft(value), codes);
  /** One that was added from the same file elsewhere is in the record already. */
  const ready = (value: DocumentValue): boolean =>
    value.state === "proposed" && value.addedFrom === null && faults(value).length === 0;

  const put = (fresh: DocumentValue) =>
    client.setQueryData<DocumentValue[]>(key, (all) => all?.map((each) => (each.n === fresh.n ? fresh : each)));

  /** Does one thing at a time; afterwards everything that shows the record is asked for again, but these rows are known. */
  const act = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
      client.invalidateQueries({
        queryKey: ["record", item.patient],
        predicate: ({ queryKey }) => queryKey[2] !== "document-values",
      });
    }
  };

  const goOn = (n: number) => {
    const fresh = client.getQueryData<DocumentValue[]>(key) ?? values;
    const next = nextOpen(
      fresh,
      fresh.findIndex((each) => each.n === n),
    );
    if (next >= 0) setAt(next);
  };

  const one = (value: DocumentValue, work: () => Promise<DocumentValue>) =>
    act(async () => {
      put(await work());
      setActs((before) => [...before, value.n]);
      goOn(value.n);
    });

  const reopen = (n: number) =>
    act(async () => {
      put(await reopenValue(item.id, n));
      setActs((before) => before.filter((each) => each !== n));
      setAt(values.findIndex((each) => each.n === n));
    });

  return {
    at,
    current: values[at],
    busy,
    error,
    draft,
    faults,
    setDraft: (value: DocumentValue, next: Draft) => setDrafts((before) => ({ ...before, [value.n]: next })),
    go: setAt,
    move: (by: number) => setAt((now) => Math.min(Math.max(now + by, 0), values.length - 1)),
    confirm: (value: DocumentValue) => {
      if (ready(value)) return one(value, () => confirmValue(item.id, value.n, answerOf(draft(value))));
    },
    skip: (value: DocumentValue) => {
      if (value.state === "proposed") return one(value, () => skipValue(item.id, value.n));
    },
    reopen: (value: DocumentValue) => reopen(value.n),
    undo: () => {
      const last = acts.at(-1);
      if (last !== undefined) return reopen(last);
    },
    skipAll: (wanted: DocumentValue[]) =>
      act(async () => {
        for (const value of wanted) {
          put(await skipValue(item.id, value.n));
          setActs((before) => [...before, value.n]);
        }
        goOn(wanted.at(-1)?.n ?? -1);
      }),
    /** Those that lack something, such as a day, stay where they are. */
    confirmAll: (wanted: DocumentValue[]) =>
      act(async () => {
        for (const value of wanted.filter(ready)) {
          put(await confirmValue(item.id, value.n, answerOf(draft(value))));
          setActs((before) => [...before, value.n]);
        }
        goOn(wanted.at(-1)?.n ?? -1);
      }),
  };
}
