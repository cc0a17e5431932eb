import { useTranslation } from "react-i18next";
import { Banner } from "./Banner";
import { Button } from "./Button";

interface Failure {
  status?: number;
  detail?: string;
  retryAfter?: number | null;
}

/** What went wrong in plain words, and what to do next. */
export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { status = -1, detail, retryAfter } = (error ?? {}) as Failure;
  const text = () => {
    if (status === 0) return t("error.offline");
    if (status === 429) return t("error.wait", { seconds: retryAfter ?? 60 });
    if (status >= 500) return t("error.server");
    return detail || t("error.unknown");
  };
  return (
    <Banner
      kind="error"
      title={t("error.title")}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t("common.retry")}
          </Button>
        )
      }
    >
      {text()}
    </Banner>
  );
}
