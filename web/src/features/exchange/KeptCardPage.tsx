import { IconStethoscope } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SkipLink } from "@/ui/AppShell";
import { Brand } from "@/ui/Brand";
import { PageHeading, useTitle } from "@/ui/Page";
import css from "./Card.module.css";
import { CardView } from "./CardView";
import { keptCards } from "./kept";

/** The cards on this device, for whoever holds it: no account, no network. */
export function KeptCardPage() {
  const { t } = useTranslation();
  const [cards] = useState(keptCards);
  useTitle(t("card.title"));
  return (
    <div className={css.page}>
      <SkipLink />
      <header>
        <Link to="/sign-in">
          <Brand />
        </Link>
      </header>
      <main id="main" tabIndex={-1} className="stack-loose">
        <PageHeading>{t("card.title")}</PageHeading>
        {cards.length === 0 && <p>{t("card.noneKept")}</p>}
        {cards.map((card) => (
          <CardView key={card.id} card={card} />
        ))}
        <Clinician />
      </main>
    </div>
  );
}

/** Who treats somebody in an emergency, and has an account here, sees more. */
export function Clinician() {
  const { t } = useTranslation();
  return (
    <a className={css.clinician} href="/break-glass">
      <IconStethoscope aria-hidden />
      {t("card.clinician")}
    </a>
  );
}
