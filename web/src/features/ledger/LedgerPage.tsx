import "@/lib/ledgerWords";
import { IconListSearch, IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePart } from "@/api/family";
import { ledgerEntries } from "@/api/ledger";
import type { LedgerEntry } from "@/api/types";
import { formatDate, isoDay } from "@/lib/dates";
import { Button, ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Chip } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { beyond, isOwn, runs } from "./folding";
import { LedgerRow } from "./LedgerRow";
import { markLooked } from "./news";
import { OwnRun } from "./OwnRun";
import { VerifyPanel } from "./VerifyPanel";
import type { Result } from "./verify";

// Few open it, and it brings words of its own.
const Witnesses = lazy(async () => ({ default: (await import("./Witnesses")).Witnesses }));

/** Who read the record, and the proof that this list was not changed. */
export function LedgerPage({ patient }: { patient: string }) {
  const { t, i18n } = useTranslation();
  const [othersOnly, setOthersOnly] = useState(false);
  const pages = useInfiniteQuery(ledgerEntries(othersOnly));
  const entries = pages.data?.pages.flatMap((page) => page.entries) ?? [];
  const total = pages.data?.pages[0]?.total ?? 0;
  // Many acts of one's own fill the first pages. What others did stays in sight, however far back it is.
  const others = useInfiniteQuery(ledgerEntries(true));
  const older = othersOnly ? [] : beyond(entries, others.data?.pages[0]?.entries ?? []);
  const newest = entries[0]?.seq;
  useEffect(() => markLooked(patient, newest), [patient, newest]);
  // Whoever looks after a part reads what they did themselves: between that lie entries that are not theirs to count.
  const part = usePart();
  const check = useVerification(entries, older, othersOnly || part ? null : total);
  const row = (entry: LedgerEntry) => (
    <LedgerRow
      key={entry.seq}
      entry={entry}
      result={check.result?.entries.get(entry.seq)}
      root={check.result?.checkpoint.root}
      ask={!isOwn(entry)}
    />
  );
  return (
    <Page
      title={t("ledger.title")}
      lead={t(part ? "ledger.leadPart" : "ledger.lead")}
      action={
        <Button
          kind="main"
          icon={<IconShieldCheck aria-hidden />}
          busy={check.running}
          disabled={entries.length === 0}
          onClick={check.run}
        >
          {t("ledger.verify")}
        </Button>
      }
    >
      <VerifyPanel
        result={check.result}
        entries={[...entries, ...older]}
        running={check.running}
        done={check.done}
        error={check.error}
        whole={!part}
      />
      <TrustedWitnesses onChange={check.forget} />
      <div className="spread">
        {!part && (
          <>
            <Chip pressed={othersOnly} onPress={() => setOthersOnly(!othersOnly)}>
              {t("ledger.othersOnly")}
            </Chip>
            <ButtonLink to="/cases" size="small">
              {t("ledger.cases")}
            </ButtonLink>
          </>
        )}
        <ButtonLink to="/account/notifications" size="small">
          {t("ledger.wishes")}
        </ButtonLink>
        {pages.data && <p className="muted small">{t("ledger.total", { count: total })}</p>}
      </div>
      {pages.isPending && <Skeleton rows={6} height={72} />}
      {pages.error && <ErrorNote error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.data && entries.length === 0 && (
        <Empty icon={<IconListSearch />} title={t(othersOnly ? "ledger.noOthers" : "ledger.empty")}>
          {t(othersOnly ? "ledger.noOthersText" : "ledger.emptyText")}
        </Empty>
      )}
      {byDay(entries).map(([day, rows]) => (
        <Section key={day} title={formatDate(day, i18n.language)}>
          <List>
            {runs(rows).map((run) => (
              <li key={run.entries[0]?.seq}>
                {run.own ? (
                  <OwnRun entries={run.entries} results={check.result?.entries}>
                    {run.entries.map(row)}
                  </OwnRun>
                ) : (
                  run.entries.map(row)
                )}
              </li>
            ))}
          </List>
        </Section>
      ))}
      {pages.hasNextPage && (
        <div>
          <Button busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
      {older.length > 0 && <Older entries={older} after={entries.at(-1)} row={row} />}
    </Page>
  );
}

function TrustedWitnesses({ onChange }: { onChange: () => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("ledger.trusted")}</summary>
      {open && (
        <Suspense fallback={<Skeleton rows={1} height={72} />}>
          <Witnesses onChange={onChange} />
        </Suspense>
      )}
    </details>
  );
}

interface OlderProps {
  entries: LedgerEntry[];
  after: LedgerEntry | undefined;
  row: (entry: LedgerEntry) => ReactNode;
}

/** What others did before everything that is loaded. The numbers of one's own entries have no gaps, so they say how much lies in between. */
function Older({ entries, after, row }: OlderProps) {
  const { t, i18n } = useTranslation();
  const between = (after?.patientSeq ?? 0) - (entries[0]?.patientSeq ?? 0) - 1;
  return (
    <Section title={t("ledger.olderOthers")}>
      {between > 0 && <p className="muted">{t("ledger.olderOthersText", { count: between })}</p>}
      {byDay(entries).map(([day, rows]) => (
        <div key={day} className="stack">
          <h3>{formatDate(day, i18n.language)}</h3>
          <List>
            {rows.map((entry) => (
              <li key={entry.seq}>{row(entry)}</li>
            ))}
          </List>
        </div>
      ))}
    </Section>
  );
}

function byDay(entries: LedgerEntry[]): [string, LedgerEntry[]][] {
  const days = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const day = isoDay(new Date(entry.time));
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}

function useVerification(entries: LedgerEntry[], older: LedgerEntry[], total: number | null) {
  const [result, setResult] = useState<Result | null>(null);
  const [running, setRunning] = useState(false);
  const [done, setDone] = useState(0);
  const [error, setError] = useState<unknown>(null);
  // A result says what it was about and when, and goes on saying it when the list grows. Of another list it says nothing.
  const filtered = total === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the filter changes, and at no other time.
  useEffect(() => setResult(null), [filtered]);

  const run = async () => {
    setRunning(true);
    setDone(0);
    setError(null);
    try {
      // The arithmetic comes when somebody asks for it.
      const { verify } = await import("./verify");
      setResult(await verify(entries, older, total, setDone));
    } catch (cause) {
      setResult(null);
      setError(cause);
    } finally {
      setRunning(false);
    }
  };
  return { result, running, done, error, run, forget: () => setResult(null) };
}
