import { useTranslation } from "react-i18next";
import type { LedgerEntry } from "@/api/types";
import { fromBase64, text } from "@/lib/bytes";
import { Fact, Facts } from "@/ui/Card";
import css from "./Ledger.module.css";
import type { EntryResult } from "./verify";

/** Every step of the arithmetic, for those who want to see it or to repeat it. */
export function Maths({
  entry,
  result,
  root,
}: {
  entry: LedgerEntry;
  result: EntryResult | undefined;
  root: string | undefined;
}) {
  const { t } = useTranslation();
  return (
    <div className={css.maths}>
      <Facts>
        <Fact label={t("maths.number")}>{t("maths.numbers", { seq: entry.seq, own: entry.patientSeq })}</Fact>
        <Fact label={t("maths.bytes")}>
          <code className="mono">{readable(entry.entry)}</code>
        </Fact>
        <Fact label={t("maths.leaf")}>
          <code className="mono">
            HMAC-SHA256({entry.r}, entry) = {entry.leaf}
          </code>
        </Fact>
        {result && (
          <Fact label={t("maths.leafHash")}>
            <code className="mono">SHA-256(00 || leaf) = {result.leafHash}</code>
          </Fact>
        )}
        {result && result.steps.length > 0 && (
          <Fact label={t("maths.climb")}>
            <ol className={css.climb}>
              {result.steps.map((step) => (
                <li key={step.hash + step.result}>
                  <code className="mono">
                    {step.side === "left"
                      ? `SHA-256(01 || ${short(step.hash)} || node)`
                      : `SHA-256(01 || node || ${short(step.hash)})`}{" "}
                    = {short(step.result)}
                  </code>
                </li>
              ))}
            </ol>
          </Fact>
        )}
        {result && root && (
          <Fact label={t("maths.root")}>
            <code className="mono">{root}</code>
          </Fact>
        )}
      </Facts>
      {!result && <p className="muted small">{t("maths.notYet")}</p>}
    </div>
  );
}

const short = (hash: string) => `${hash.slice(0, 10)}\u2026`;

function readable(entry: string): string {
  try {
    return text(fromBase64(entry));
  } catch {
    return entry;
  }
}
