import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { series } from "@/api/record";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { BackLink } from "./BackLink";
import { SeriesChart } from "./SeriesChart";
import { companion } from "./vitals";

export function SeriesPage({ patient, code }: { patient: string; code: string }) {
  const { t } = useTranslation();
  const data = useQuery(series(patient, code));
  const title = companion(code) ? t("vitals.bloodPressure") : (data.data?.display ?? t("record.charts"));
  const others = data.data?.otherUnits ?? 0;
  useTitle(title);
  return (
    <div className="stack">
      <BackLink to="/record/$patient/charts" params={{ patient }}>
        {t("charts.back")}
      </BackLink>
      <PageHeading>{title}</PageHeading>
      {data.isPending && <Skeleton rows={1} height={360} />}
      {data.error && <ErrorNote error={data.error} onRetry={() => data.refetch()} />}
      {data.data && <SeriesChart patient={patient} code={code} />}
      {others > 0 && <p className="muted">{t("charts.otherUnits", { count: others })}</p>}
    </div>
  );
}
