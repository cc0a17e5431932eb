import { IconFingerprint, IconHeartHandshake, IconTimeline } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SkipLink } from "@/ui/AppShell";
import { Brand } from "@/ui/Brand";
import { ButtonLink } from "@/ui/Button";
import { PageHeading, useTitle } from "@/ui/Page";
import { DemoAccounts } from "./DemoAccounts";
import css from "./Welcome.module.css";

const PROMISES = [
  { key: "one", Icon: IconTimeline },
  { key: "consent", Icon: IconHeartHandshake },
  { key: "trace", Icon: IconFingerprint },
] as const;

/** What this is, in one calm screen. */
export function WelcomePage({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  useTitle("");
  return (
    <div className={css.welcome}>
      <SkipLink />
      <header className={css.top}>
        <Brand />
        <ButtonLink to="/sign-in">{t("auth.signIn")}</ButtonLink>
      </header>
      <main id="main" tabIndex={-1} className={css.main}>
        <section className={css.hero}>
          <PageHeading>{t("welcome.title")}</PageHeading>
          <p className={css.lead}>{t("welcome.lead")}</p>
          <div className="row">
            <ButtonLink kind="main" to="/register">
              {t("welcome.start")}
            </ButtonLink>
            <ButtonLink to="/sign-in">{t("welcome.have")}</ButtonLink>
          </div>
        </section>
        <DemoAccounts onSignedIn={onSignedIn} />
        <ul className={css.promises}>
          {PROMISES.map(({ key, Icon }) => (
            <li key={key}>
              <span className={css.promiseIcon} aria-hidden>
                <Icon />
              </span>
              <h2>{t(`welcome.${key}.title`)}</h2>
              <p>{t(`welcome.${key}.text`)}</p>
            </li>
          ))}
        </ul>
      </main>
      <footer className={css.foot}>
        <p>{t("welcome.foot")}</p>
        <p>
          <Link to="/developers">{t("developers.title")}</Link>
        </p>
      </footer>
    </div>
  );
}
