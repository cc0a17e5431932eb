import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { consentText, newestConsentText } from "@/api/consent";
import type { ConsentText } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";

function Words({ text }: { text: ConsentText }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      {text.text
        .trim()
        .split("\n\n")
        .map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      <p className="muted small">
        {t("consentText.version", { version: text.version })} {"\u00b7"} <When value={text.since} />
      </p>
    </div>
  );
}

/** What giving access means, beside the button that gives it. */
export function WhatYouAgreeTo() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const newest = useQuery({ ...newestConsentText, enabled: open });
  return (
    <>
      <div>
        <Button kind="quiet" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("consentText.what")}
        </Button>
      </div>
      {open && newest.isPending && <Skeleton rows={3} height={40} />}
      {open && newest.error && <ErrorNote error={newest.error} onRetry={() => newest.refetch()} />}
      {open && newest.data && <Words text={newest.data} />}
    </>
  );
}

/** The words that were agreed to then, whatever is agreed to now. */
export function AgreedTo({ version }: { version: number }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const text = useQuery({ ...consentText(version), enabled: open });
  return (
    <>
      <div>
        <Button kind="quiet" size="small" onClick={() => setOpen(true)}>
          {t("consentText.agreed", { version })}
        </Button>
      </div>
      <Dialog open={open} title={t("consentText.title")} onClose={() => setOpen(false)}>
        {open && text.isPending && <Skeleton rows={3} height={40} />}
        {open && text.error && <ErrorNote error={text.error} onRetry={() => text.refetch()} />}
        {open && text.data && <Words text={text.data} />}
      </Dialog>
    </>
  );
}
