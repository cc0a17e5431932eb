import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import css from "./-fallbacks.module.css";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("notFound.title")} narrow>
      <Empty
        title={t("notFound.lead")}
        action={
          <ButtonLink kind="main" to="/">
            {t("notFound.home")}
          </ButtonLink>
        }
      >
        {t("notFound.text")}
      </Empty>
    </Page>
  );
}

export function Oops({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    reset();
    router.invalidate();
  };
  return <ErrorNote error={error} onRetry={retry} />;
}

/** A page that is still on its way. */
export const Waiting = () => (
  <div className={css.alone}>
    <Skeleton rows={4} height={72} />
  </div>
);

/** The same where no frame is around it. */
export const NotFoundAlone = () => (
  <main className={css.alone}>
    <NotFound />
  </main>
);

export const OopsAlone = (props: Parameters<typeof Oops>[0]) => (
  <main className={css.alone}>
    <Oops {...props} />
  </main>
);
