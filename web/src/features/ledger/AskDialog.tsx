import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cases, openCase } from "@/api/cases";
import { issueOf } from "@/api/client";
import type { LedgerEntry } from "@/api/types";
import { AskDialog as Ask } from "@/ui/AskDialog";

/** Opens a case: whoever read, and the administrators, must say why. */
export function AskDialog({ entry, onClose }: { entry: LedgerEntry; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  return (
    <Ask
      title={t("askAccess.title", { name: entry.actor.name })}
      questions={[{ name: "question", label: t("askAccess.question"), hint: t("askAccess.hint"), least: 5 }]}
      issueOf={issueOf}
      send={t("askAccess.send")}
      onSend={async ({ question = "" }) => {
        const opened = await openCase(entry.seq, question);
        await client.invalidateQueries({ queryKey: cases.queryKey });
        return opened;
      }}
      sent={t("askAccess.sent")}
      sentText={() => t("askAccess.sentText")}
      see={{ to: "/cases", text: t("askAccess.see") }}
      onClose={onClose}
    />
  );
}
