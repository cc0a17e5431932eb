import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cases, openCorrection } from "@/api/cases";
import { issueOf } from "@/api/client";
import { AskDialog } from "@/ui/AskDialog";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Page";

interface CorrectProps {
  type: string;
  id: string;
  title: string;
  /** Whether it was asked for before this page was there. */
  begun: boolean;
}

/** The patient says that an entry is wrong: whoever wrote it must correct it, or say why not. */
export function Correct({ type, id, title, begun }: CorrectProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(begun);
  return (
    <Section
      title={t("correct.title")}
      action={
        <Button kind="quiet" size="small" onClick={() => setOpen(true)}>
          {t("correct.open")}
        </Button>
      }
    >
      <p className="muted small">{t("correct.lead")}</p>
      {open && (
        <AskDialog
          title={t("correct.heading", { title })}
          questions={[
            { name: "reason", label: t("correct.reason"), hint: t("correct.reasonHint"), least: 5 },
            { name: "proposal", label: t("correct.proposal"), hint: t("correct.proposalHint") },
          ]}
          issueOf={issueOf}
          send={t("correct.send")}
          onSend={async ({ reason = "", proposal = "" }) => {
            const opened = await openCorrection(type, id, reason, proposal);
            await client.invalidateQueries({ queryKey: cases.queryKey });
            return opened;
          }}
          sent={t("correct.sent")}
          sentText={(opened) => t("correct.sentText", { name: opened.reader.name })}
          see={{ to: "/cases", text: t("askAccess.see") }}
          onClose={() => setOpen(false)}
        />
      )}
    </Section>
  );
}
