import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { summaryDocument } from "@/api/exchange";
import { isDocument, SummaryDocument } from "@/fhir/SummaryDocument";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { save } from "@/ui/save";
import css from "./LinkPage.module.css";

/** The record's summary as others get it: to be printed, or saved as the file that other systems read. */
export function DocumentPage({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const document = useQuery(summaryDocument(patient));
  useTitle(t("document.title"));
  if (document.isPending) return <Skeleton rows={4} height={140} />;
  if (!isDocument(document.data)) return <ErrorNote error={document.error} onRetry={() => document.refetch()} />;
  return (
    <div className={css.opened}>
      <div className={css.actions}>
        <Button
          icon={<IconDownload aria-hidden />}
          onClick={() =>
            save("patient-summary.fhir.json", JSON.stringify(document.data, null, 2), "application/fhir+json")
          }
        >
          {t("document.save")}
        </Button>
        <Button icon={<IconPrinter aria-hidden />} onClick={() => window.print()}>
          {t("document.print")}
        </Button>
      </div>
      <SummaryDocument bundle={document.data} />
    </div>
  );
}
