import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { savedLog } from "@/api/ledger";
import type { LedgerEntry } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { save } from "@/ui/save";
import css from "./Ledger.module.css";
import { since } from "./since";
import type { Result } from "./verify";

interface PanelProps {
  result: Result | null;
  entries: LedgerEntry[];
  running: boolean;
  done: number;
  error: unknown;
  /** Whether all of the log is shown: only then can it be saved. */
  whole: boolean;
}

const KINDS = { good: "ok", bad: "error", partly: "warn" } as const;

/** What the check found, in one sentence first and in its parts below. */
export function VerifyPanel({ result, entries, running, done, error, whole }: PanelProps) {
  const { t, i18n } = useTranslation();
  if (!globalThis.crypto?.subtle) return <Banner kind="warn">{t("ledger.noCrypto")}</Banner>;
  if (error) return <ErrorNote error={error} />;
  if (running) {
    return (
      <Banner kind="proof" title={t("ledger.checking")}>
        {t("ledger.progress", { done, count: entries.length })}
      </Banner>
    );
  }
  if (!result) return <Banner kind="proof">{t("ledger.explain")}</Banner>;
  const { checkpoint: check, complete, verdict } = result;
  const { newer, older } = since(result, entries);
  // How many were not on the page then says nothing any more when more of them are.
  const rest = older > 0 ? 0 : (result.rest ?? 0);
  const soFar = (result.rest ?? 0) > 0;
  const time = new Date(result.time).toLocaleString(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const points = [
    t("check.entries", {
      good: [...result.entries.values()].filter((each) => each.sealed && each.honest && each.included === true).length,
      count: result.entries.size,
    }),
    t(`check.signature.${check.agrees ? check.signature : "invalid"}`, { origin: check.origin }),
    t(`check.key.${check.key}`),
    t(`check.history.${check.history}`, { from: check.before?.size ?? 0, to: check.size }),
    ...witnessPoints(t, check.witnesses),
    ...(complete === null ? [] : [t(complete ? (soFar ? "check.completeSoFar" : "check.complete") : "check.gap")]),
    ...(rest > 0 ? [t("check.rest", { count: rest })] : []),
  ];
  const title = verdict !== "good" ? verdict : newer + older > 0 ? "then" : soFar ? "soFar" : verdict;
  return (
    <Banner kind={KINDS[verdict]} title={t(`check.verdict.${title}`)} action={whole && <Save />}>
      <p>{t("check.about", { time, size: check.size })}</p>
      {newer > 0 && <p className="strong">{t("check.newer", { count: newer })}</p>}
      {older > 0 && <p className="strong">{t("check.older", { count: older })}</p>}
      <ul className={css.points}>
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <details className={css.details}>
        <summary>{t("ledger.checkpoint")}</summary>
        <pre className="mono">{check.text}</pre>
      </details>
    </Banner>
  );
}

/** Asked for like everything else of the record that is open: an address alone would name one's own. */
function Save() {
  const { t } = useTranslation();
  const take = useMutation({
    mutationFn: savedLog,
    onSuccess: (text) => save("healthsync-ledger.json", text, "application/json"),
  });
  return (
    <>
      <Button size="small" icon={<IconDownload aria-hidden />} busy={take.isPending} onClick={() => take.mutate()}>
        {t("ledger.export")}
      </Button>
      {take.error && <ErrorNote error={take.error} />}
    </>
  );
}

function witnessPoints(t: TFunction, found: Result["checkpoint"]["witnesses"]): string[] {
  const { asked, signed, size, sound, changed, missing } = found;
  if (asked === 0) return [t("check.witnesses.none")];
  const said = t("check.witnesses.signed", { good: signed.length, count: asked, size, names: signed.join(", ") });
  return [
    said,
    ...(sound ? [] : [t("check.witnesses.broken")]),
    ...changed.map((name) => t("check.witnesses.changed", { name })),
    ...missing.map((name) => t("check.witnesses.missing", { name })),
  ];
}
