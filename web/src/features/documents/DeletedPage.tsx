import { IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { documents, restoreDocument } from "@/api/documents";
import type { DocumentItem } from "@/api/types";
import { Button, ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Documents.module.css";
import { daysLeft } from "./words";

/** What was deleted and can still be brought back. */
export function DeletedPage({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(documents(patient, { deleted: true }));
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t("documents.deleted.title")}
      lead={t("documents.deleted.lead")}
      narrow
      action={<ButtonLink to="/documents">{t("documents.deleted.back")}</ButtonLink>}
    >
      {pages.isPending && <Skeleton rows={2} height={72} />}
      {pages.error && <ErrorNote error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.data && items.length === 0 && <Empty icon={<IconTrash />} title={t("documents.deleted.empty")} />}
      {items.length > 0 && (
        <List label={t("documents.deleted.title")}>
          {items.map((item) => (
            <li key={item.id}>
              <DeletedRow item={item} />
            </li>
          ))}
        </List>
      )}
      {pages.hasNextPage && (
        <div>
          <Button busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
    </Page>
  );
}

function DeletedRow({ item }: { item: DocumentItem }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => restoreDocument(item.id),
    onSuccess: () => {
      toast(t("documents.deleted.restored", { title: item.title }));
      return client.invalidateQueries({ queryKey: ["record", item.patient] });
    },
  });
  return (
    <div className={css.deleted}>
      <div className={css.words}>
        <p className={css.title}>{item.title}</p>
        <p className="muted small">
          {item.deletedAt && (
            <>
              {t("documents.deleted.on")} <When value={item.deletedAt} relative />
              {" \u00b7 "}
            </>
          )}
          {item.gone && t("documents.deleted.left", { count: daysLeft(item.gone, new Date()) })}
        </p>
        {restore.error && <ErrorNote error={restore.error} />}
      </div>
      {item.mayChange && (
        <Button size="small" busy={restore.isPending} onClick={() => restore.mutate()}>
          {t("documents.deleted.restore")}
          <span className="visually-hidden"> {item.title}</span>
        </Button>
      )}
    </div>
  );
}
