import { IconId, IconLink } from "@tabler/icons-react";
import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useSay } from "@/api/family";
import { OpenEdits } from "@/features/edits/OpenEdits";
import { NewReads } from "@/features/ledger/NewReads";
import { Latest } from "@/features/record/Latest";
import { VitalTiles } from "@/features/record/VitalTiles";
import { OpenRequests } from "@/features/sharing/OpenRequests";
import { WhoHasAccess } from "@/features/sharing/WhoHasAccess";
import { ButtonLink } from "@/ui/Button";
import { Page, Section } from "@/ui/Page";
import { requireRole } from "../-guard";
import css from "../-home.module.css";

const WaitingHere = lazy(() => import("@/features/account/Waiting"));

export const Route = createFileRoute("/_app/home")({
  beforeLoad: ({ context }) => requireRole(context.session, "patient"),
  component: Home,
});

function Home() {
  const { t } = useTranslation();
  const { account } = Route.useRouteContext().session;
  const patient = account.patient ?? "";
  // In the record of somebody else only what the caller may decide there is asked for.
  const say = useSay();
  return (
    <Page title={t("home.hello", { name: account.name.split(" ")[0] })} name={t("nav.home")}>
      {say !== "none" && (
        <section className={css.needs} aria-label={t("home.needs")}>
          <h2>{t("home.needs")}</h2>
          <div className={css.stack}>
            <Suspense fallback={null}>
              <WaitingHere />
            </Suspense>
            {say === "all" && <OpenRequests most={2} />}
            <OpenEdits most={2} />
            {say === "all" && <NewReads patient={patient} />}
          </div>
          <p className={css.calm}>{t("home.calm")}</p>
        </section>
      )}
      <Section
        title={t("vitals.title")}
        action={
          <ButtonLink kind="quiet" size="small" to="/record/$patient/charts" params={{ patient }}>
            {t("vitals.all")}
          </ButtonLink>
        }
      >
        <VitalTiles patient={patient} most={4} />
      </Section>
      <div className={css.columns}>
        <Latest patient={patient} />
        {say === "all" && <WhoHasAccess />}
      </div>
      {say === "all" && (
        <Section title={t("home.handOut")}>
          <div className="row">
            <ButtonLink to="/emergency-card" icon={<IconId aria-hidden />}>
              {t("card.title")}
            </ButtonLink>
            <ButtonLink to="/links" icon={<IconLink aria-hidden />}>
              {t("links.title")}
            </ButtonLink>
          </div>
        </Section>
      )}
    </Page>
  );
}
