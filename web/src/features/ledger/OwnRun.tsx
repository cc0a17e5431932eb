import { IconCheck } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LedgerEntry } from "@/api/types";
import { formatTime } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Tag } from "@/ui/Chip";
import { ActionIcon } from "./ActionIcon";
import css from "./Ledger.module.css";
import type { EntryResult } from "./verify";

interface RunProps {
  entries: LedgerEntry[];
  results: Map<number, EntryResult> | undefined;
  children: ReactNode;
}

/** Several of one's own acts in one line; the acts themselves are one press away. A fault among them opens the line. */
export function OwnRun({ entries, results, children }: RunProps) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState(false);
  // What came after the check has no result, and that is no fault.
  const checked = entries.flatMap((entry) => results?.get(entry.seq) ?? []);
  const sound = checked.filter((each) => each.sealed && each.honest && each.included !== false);
  const all = sound.length === entries.length && sound.every((each) => each.included === true);
  const open = opened || sound.length < checked.length;
  const first = entries.at(-1)?.time ?? "";
  const last = entries[0]?.time ?? "";
  return (
    <>
      <div className={css.entry}>
        <ActionIcon action="read" />
        <div className={css.words}>
          <p>{t("ledger.ownRun", { count: entries.length })}</p>
          <p className="muted small">
            {formatTime(first, i18n.language)} {"\u2013"} {formatTime(last, i18n.language)}
          </p>
          {all && (
            <Tag tone="ok" icon={<IconCheck aria-hidden />}>
              {t("ledger.provenAll")}
            </Tag>
          )}
        </div>
        <Button kind="quiet" size="small" aria-expanded={open} onClick={() => setOpened(!opened)}>
          {t(open ? "ledger.fold" : "ledger.unfold")}
        </Button>
      </div>
      {open && <div className={css.run}>{children}</div>}
    </>
  );
}
