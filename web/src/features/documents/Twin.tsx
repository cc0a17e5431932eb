import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { DocumentValue } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";

interface NoteProps {
  /** Those that wait here and were added there. */
  values: DocumentValue[];
  busy: boolean;
  onSkip: () => void;
}

/** Of a file that is there twice: its values are in the record. */
export function TwinNote({ values, busy, onSkip }: NoteProps) {
  const { t } = useTranslation();
  const other = values[0]?.addedFrom;
  return (
    <Banner
      title={t("documents.review.twin", { count: values.length })}
      action={
        <Button busy={busy} onClick={onSkip}>
          {t("documents.review.twinSkip", { count: values.length })}
        </Button>
      }
    >
      <p>
        {t("documents.review.twinText")} {other && <OtherLink id={other} />}
      </p>
    </Banner>
  );
}

export function OtherLink({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Link to="/documents/$id" params={{ id }}>
      {t("documents.review.twinOther")}
    </Link>
  );
}
