import { IconAdjustments, IconBell } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { inbox, markAllRead, markRead } from "@/api/inbox";
import type { Inbox, Notice } from "@/api/types";
import { Button, ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./InboxPage.module.css";
import { NoticeIcon } from "./NoticeIcon";
import { localPath } from "./notices";
import { RenewButton } from "./RenewButton";

/** What happened while one was away, newest first. */
export function InboxPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notices = useQuery(inbox);
  const readAll = useMutation({
    mutationFn: markAllRead,
    onMutate: () =>
      client.setQueryData<Inbox>(
        ["inbox"],
        (box) => box && { items: box.items.map((item) => ({ ...item, read: true })), unread: 0 },
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["inbox"] }),
  });
  const items = notices.data?.items ?? [];
  return (
    <Page
      title={t("inbox.title")}
      narrow
      action={
        (notices.data?.unread ?? 0) > 0 && (
          <Button busy={readAll.isPending} onClick={() => readAll.mutate()}>
            {t("inbox.readAll")}
          </Button>
        )
      }
    >
      <div>
        <ButtonLink to="/account/notifications" size="small" icon={<IconAdjustments aria-hidden />}>
          {t("inbox.wishes")}
        </ButtonLink>
      </div>
      {notices.isPending && <Skeleton rows={5} height={84} />}
      {(notices.error ?? readAll.error) && (
        <ErrorNote error={notices.error ?? readAll.error} onRetry={() => notices.refetch()} />
      )}
      {notices.data && items.length === 0 && (
        <Empty icon={<IconBell />} title={t("inbox.empty")}>
          {t("inbox.emptyText")}
        </Empty>
      )}
      {items.length > 0 && (
        <List label={t("inbox.title")}>
          {items.map((item) => (
            <li key={item.id}>
              <NoticeRow notice={item} />
              <RenewButton link={item.link} />
            </li>
          ))}
        </List>
      )}
    </Page>
  );
}

function NoticeRow({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  const open = () => {
    const path = localPath(notice.link);
    if (!notice.read) {
      client.setQueryData<Inbox>(
        ["inbox"],
        (box) =>
          box && {
            items: box.items.map((item) => (item.id === notice.id ? { ...item, read: true } : item)),
            unread: Math.max(0, box.unread - 1),
          },
      );
      markRead(notice.id).finally(() => client.invalidateQueries({ queryKey: ["inbox"] }));
    }
    if (path) router.history.push(path);
  };
  return (
    <button type="button" className={notice.read ? css.row : `${css.row} ${css.unread}`} onClick={open}>
      <NoticeIcon kind={notice.kind} />
      <span className={css.words}>
        <span className={css.title}>
          {notice.title}
          {!notice.read && <span className={css.mark}>{t("inbox.new")}</span>}
        </span>
        <span className={css.body}>{notice.body}</span>
        <span className="muted small">
          <When value={notice.time} relative />
        </span>
      </span>
    </button>
  );
}
