import "@/lib/laterWords";
import { IconUserPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { lockUser, unlockUser, users } from "@/api/admin";
import { ROLES, type Role, type User } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Chip, ChipBar, Tag } from "@/ui/Chip";
import { Confirm } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { SearchField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Admin.module.css";
import { CreateUserDialog } from "./CreateUserDialog";
import { FirstPassword } from "./FirstPassword";
import { otherRole, RoleDialog } from "./RoleDialog";

const PAUSE = 200;

/** Accounts. An administrator manages them and reads no record. */
export function UsersPage({ own }: { own: number }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [query, setQuery] = useState("");
  const [role, setRole] = useState<Role | "">("");
  const [creating, setCreating] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const pages = useInfiniteQuery(users(query, role));
  const list = pages.data?.pages.flatMap((page) => page.users) ?? [];
  return (
    <Page
      title={t("users.title")}
      lead={t("users.lead")}
      action={
        <Button kind="main" icon={<IconUserPlus aria-hidden />} onClick={() => setCreating(true)}>
          {t("users.create")}
        </Button>
      }
    >
      <div className="stack">
        <SearchField label={t("users.search")} value={text} onText={setText} />
        <ChipBar label={t("users.role")}>
          {ROLES.map((each) => (
            <Chip key={each} pressed={role === each} onPress={() => setRole(role === each ? "" : each)}>
              {t(`role.${each}`)}
            </Chip>
          ))}
        </ChipBar>
        {pages.isPending && <Skeleton rows={6} height={72} />}
        {pages.error && <ErrorNote error={pages.error} onRetry={() => pages.refetch()} />}
        {pages.data && list.length === 0 && <Empty title={t("users.noMatch")}>{t("users.noMatchText")}</Empty>}
        {list.length > 0 && (
          <>
            <p className="muted small">{t("users.total", { count: pages.data?.pages[0]?.total ?? 0 })}</p>
            <List label={t("users.title")}>
              {list.map((user) => (
                <li key={user.id}>
                  <UserRow user={user} own={user.id === own} />
                </li>
              ))}
            </List>
          </>
        )}
        {pages.hasNextPage && (
          <div>
            <Button busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
              {t("common.more")}
            </Button>
          </div>
        )}
      </div>
      <CreateUserDialog open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}

function UserRow({ user, own }: { user: User; own: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [changing, setChanging] = useState(false);
  const locked = user.state === "locked";
  const to = own ? null : otherRole(user);
  const change = useMutation({
    mutationFn: () => (locked ? unlockUser(user.id) : lockUser(user.id)),
    onSuccess: () => {
      setAsking(false);
      client.invalidateQueries({ queryKey: ["admin", "users"] });
      toast(t(locked ? "users.unlocked" : "users.locked", { name: user.name }));
    },
  });
  return (
    <div className={css.row}>
      <Avatar name={user.name} />
      <div className={css.words}>
        <p className="strong">
          {user.name} {locked && <Tag tone="high">{t("users.stateLocked")}</Tag>}
        </p>
        <p className="muted small">
          {user.username} {"\u00b7"} {t(`role.${user.role}`)}
          {user.organizations.length > 0 && ` \u00b7 ${user.organizations.map((each) => each.name).join(", ")}`}
        </p>
        <p className="muted small">
          {user.lastSeen ? (
            <>
              {t("users.lastSeen")} <When value={user.lastSeen} relative />
            </>
          ) : (
            t("users.never")
          )}
        </p>
        {user.passwordChangeBy && <FirstPassword user={user} until={user.passwordChangeBy} />}
        {locked && change.error && <ErrorNote error={change.error} />}
      </div>
      {to && (
        <Button size="small" kind="quiet" onClick={() => setChanging(true)}>
          {t(`users.make.${to}`)}
          <span className="visually-hidden"> {user.name}</span>
        </Button>
      )}
      {!own && (
        <Button size="small" busy={change.isPending} onClick={() => (locked ? change.mutate() : setAsking(true))}>
          {t(locked ? "users.unlock" : "users.lock")}
          <span className="visually-hidden"> {user.name}</span>
        </Button>
      )}
      <Confirm
        open={asking}
        title={t("users.lockTitle", { name: user.name })}
        confirm={t("users.lock")}
        danger
        busy={change.isPending}
        onConfirm={() => change.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{t("users.lockText")}</p>
        {change.error && <ErrorNote error={change.error} />}
      </Confirm>
      {to && <RoleDialog user={user} to={to} open={changing} onClose={() => setChanging(false)} />}
    </div>
  );
}
