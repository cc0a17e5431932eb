import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { confirmValue, documentValues, reopenValue, skipValue } from "@/api/documents";
import type { DocumentItem, DocumentValue, LabCode } from "@/api/types";
import { answerOf, type Draft, draftOf, type Fault, faultsOf, nextOpen, parted, refusedOf } from "./values";

type Refused = NonNullable<ReturnType<typeof refusedOf>>;

/** What was typed and not confirmed yet, of each document: whoever comes back to it finds it again. Never written to the disk. */
const kept = new Map<string, Record<string, Draft>>();
/** A row as it was read. After another reading the same number may stand at another value. */
const rowOf = ({ n, page, printed, label }: DocumentValue): string => JSON.stringify([n, page, printed ?? label]);

/** The state of a review: which row is open, what was typed into each, and the acts in their order, so that they can be undone. */
export function useReview(item: DocumentItem, values: DocumentValue[], codes: LabCode[]) {
  const client = useQueryClient();
  const [at, setAt] = useState(() => Math.max(nextOpen(values, -1), 0));
  const [drafts, setDrafts] = useState<Record<string, Draft>>(() => kept.get(item.id) ?? {});
  const [acts, setActs] = useState<number[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  /** What the server found wrong with fields of a row, until they are changed. */
  const [refused, setRefused] = useState<{ n: number; fields: Refused } | null>(null);
  const key = documentValues(item.patient, item.id).queryKey;

  const draft = (value: DocumentValue): Draft =>
    drafts[rowOf(value)] ?? draftOf(value, item.date ?? item.suggestions?.date ?? null);

  /** As it is confirmed: a unit that was typed into the value stands in its field. */
  const settled = (value: DocumentValue): Draft => parted(draft(value), codes);

  const faults = (value: DocumentValue): Fault[] => faultsOf(settled(value), codes);
  /** One that was added from the same file elsewhere is in the record already. */
  const ready = (value: DocumentValue): boolean =>
    value.state === "proposed" && value.addedFrom === null && faults(value).length === 0;

  const setDraft = (value: DocumentValue, next: Draft) => {
    setDrafts((before) => {
      const all = { ...before, [rowOf(value)]: next };
      kept.set(item.id, all);
      return all;
    });
    setRefused((before) => (before?.n === value.n ? null : before));
  };

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

  /** What the server says of a field is shown at that field, in the row that opens for it. */
  const confirmOne = async (value: DocumentValue) => {
    try {
      put(await confirmValue(item.id, value.n, answerOf(settled(value))));
    } catch (caught) {
      const fields = refusedOf(caught);
      if (!fields) throw caught;
      setRefused({ n: value.n, fields });
      setAt(values.findIndex((each) => each.n === value.n));
      return false;
    }
    setDraft(value, settled(value));
    setActs((before) => [...before, value.n]);
    return true;
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
    settled,
    faults,
    refused: (value: DocumentValue): Refused => (refused?.n === value.n ? refused.fields : {}),
    setDraft,
    go: setAt,
    move: (by: number) => setAt((now) => Math.min(Math.max(now + by, 0), values.length - 1)),
    confirm: (value: DocumentValue) => {
      if (!ready(value)) return;
      return act(async () => {
        if (await confirmOne(value)) goOn(value.n);
      });
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
          if (!(await confirmOne(value))) return;
        }
        goOn(wanted.at(-1)?.n ?? -1);
      }),
  };
}
