import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { grants } from "@/api/consent";
import { Avatar } from "@/ui/Avatar";
import { ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { CarerRow, useCarers } from "./Carers";
import { whatText } from "./scope";
import css from "./WhoHasAccess.module.css";

/** For the home page: who can read the record right now. */
export function WhoHasAccess() {
  const { t } = useTranslation();
  const given = useQuery(grants);
  const carers = useCarers();
  const active = given.data?.filter((grant) => grant.state === "active") ?? [];
  return (
    <Section
      title={t("home.access")}
      action={
        <ButtonLink kind="quiet" size="small" to="/sharing">
          {t("home.manage")}
        </ButtonLink>
      }
    >
      {given.isPending && <Skeleton rows={2} height={68} />}
      {given.error && <ErrorNote error={given.error} onRetry={() => given.refetch()} />}
      {given.data && active.length + carers.length === 0 && <p className={css.none}>{t("home.nobody")}</p>}
      {active.length + carers.length > 0 && (
        <List label={t("home.access")}>
          {active.map((grant) => (
            <li key={grant.id} className={css.row}>
              <Avatar name={grant.grantee.name} />
              <span className={css.words}>
                <span>{grant.grantee.name}</span>
                <span className="muted small">
                  {grant.purpose === "emergency" && `${t("purpose.emergency")} \u00b7 `}
                  {whatText(t, grant)}
                  {" \u00b7 "}
                  {grant.until ? (
                    <>
                      {t("home.ends")} <When value={grant.until} relative />
                    </>
                  ) : (
                    t("sharing.untilStopped")
                  )}
                </span>
              </span>
            </li>
          ))}
          {carers.map((one) => (
            <CarerRow key={`carer-${one.id}`} one={one} />
          ))}
        </List>
      )}
    </Section>
  );
}
