import { IconFileExport } from "@tabler/icons-react";
import { createFileRoute } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { OpenApps } from "@/features/apps/OpenApps";
import { SummaryPage } from "@/features/record/SummaryPage";
import { ButtonLink } from "@/ui/Button";

export const Route = createFileRoute("/_app/record/$patient/")({ component: Summary });

function Summary() {
  const { t } = useTranslation();
  const { patient } = Route.useParams();
  const { account } = Route.useRouteContext().session;
  return (
    <div className="stack-loose">
      <SummaryPage patient={patient} />
      <div>
        <ButtonLink to="/record/$patient/document" params={{ patient }} icon={<IconFileExport aria-hidden />}>
          {t("document.open")}
        </ButtonLink>
      </div>
      {account.role === "practitioner" && <OpenApps patient={patient} />}
    </div>
  );
}
