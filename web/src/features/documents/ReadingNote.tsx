import { IconListCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readAgain } from "@/api/documents";
import type { DocumentItem } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button, ButtonLink } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";

/** How far reading has come, and what there is to do about it. */
export function ReadingNote({ item, own }: { item: DocumentItem; own: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => readAgain(item.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["record", item.patient] }),
  });
  if (item.deletedAt) return null;
  if (item.state === "waiting" || item.state === "reading") {
    return <Banner title={t(`documents.state.${item.state}`)}>{t("documents.readingText")}</Banner>;
  }
  if (item.state === "unreadable") {
    return (
      <Banner
        kind="warn"
        title={t("documents.state.unreadable")}
        action={
          own &&
          item.mayChange && (
            <Button size="small" busy={again.isPending} onClick={() => again.mutate()}>
              {t("documents.readAgain")}
            </Button>
          )
        }
      >
        {item.stateDetail ?? t("documents.unreadableText")}
        {again.error && <ErrorNote error={again.error} />}
      </Banner>
    );
  }
  const partly = item.state === "read" && item.stateDetail;
  if (partly && (item.toConfirm === 0 || !own || !item.mayConfirm)) {
    return <Banner title={t("documents.state.partly")}>{item.stateDetail}</Banner>;
  }
  if (item.toConfirm === 0 || !own || !item.mayConfirm) return null;
  return (
    <Banner
      kind="info"
      title={t("documents.toConfirm", { count: item.toConfirm })}
      action={
        <ButtonLink
          kind="main"
          size="small"
          to="/documents/$id/review"
          params={{ id: item.id }}
          icon={<IconListCheck aria-hidden />}
        >
          {t("documents.review.open")}
        </ButtonLink>
      }
    >
      {t("documents.toConfirmText")} {partly}
    </Banner>
  );
}
