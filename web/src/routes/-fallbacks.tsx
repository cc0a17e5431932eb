import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";

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
