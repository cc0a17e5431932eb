import { IconCheck, IconClock, IconMessageQuestion, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LedgerEntry } from "@/api/types";
import { formatTime } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Tag } from "@/ui/Chip";
import { ActionIcon } from "./ActionIcon";
import { AskDialog } from "./AskDialog";
import css from "./Ledger.module.css";
import { Maths } from "./Maths";
import type { EntryResult } from "./verify";
import { actionText, groundText, purposeText, whatText } from "./wording";

interface RowProps {
  entry: LedgerEntry;
  result: EntryResult | undefined;
  root: string | undefined;
  /** One's own acts are no question. */
  ask: boolean;
}

/** One act: who did what, when, why and on what ground. */
export function LedgerRow({ entry, result, root, ask }: RowProps) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const app = entry.actor.app && t("ledger.through", { app: entry.actor.app });
  const who = [app, entry.actor.organization, purposeText(entry.purpose), groundText(t, entry.ground)].filter(Boolean);
  return (
    <div className={css.entry}>
      <ActionIcon action={entry.action} />
      <div className={css.words}>
        <p>
          <span className="strong">{entry.actor.name}</span> {actionText(t, entry)} {whatText(t, entry)}
        </p>
        <p className="muted small">
          <time dateTime={entry.time}>{formatTime(entry.time, i18n.language)}</time>
          {who.map((each) => ` \u00b7 ${each}`)}
        </p>
        {result && <Verdict result={result} />}
      </div>
      <Button kind="quiet" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? "ledger.hide" : "ledger.details")}
        <span className="visually-hidden"> {t("ledger.number", { number: entry.seq })}</span>
      </Button>
      {open && (
        <div className={css.below}>
          {ask && (
            <Button size="small" icon={<IconMessageQuestion aria-hidden />} onClick={() => setAsking(true)}>
              {t("askAccess.open")}
            </Button>
          )}
          <Maths entry={entry} result={result} root={root} />
        </div>
      )}
      {asking && <AskDialog entry={entry} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Verdict({ result }: { result: EntryResult }) {
  const { t } = useTranslation();
  const sound = result.sealed && result.honest;
  if (sound && result.included === true) {
    return (
      <Tag tone="ok" icon={<IconCheck aria-hidden />}>
        {t("ledger.proven")}
      </Tag>
    );
  }
  if (sound && result.included === "later") {
    return (
      <Tag tone="neutral" icon={<IconClock aria-hidden />}>
        {t("ledger.later")}
      </Tag>
    );
  }
  return (
    <Tag tone="high" icon={<IconX aria-hidden />}>
      {t(sound ? "ledger.notIncluded" : "ledger.changed")}
    </Tag>
  );
}
