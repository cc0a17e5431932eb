import { IconBell, IconUserCircle } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createFileRoute, Link, Outlet } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/auth";
import { useHeld } from "@/api/family";
import { inbox } from "@/api/inbox";
import { listen } from "@/api/live";
import { ExpiryNote } from "@/features/account/ExpiryNote";
import { IdentityCheck } from "@/features/account/IdentityCheck";
import { IdleGuard } from "@/features/account/IdleGuard";
import { IdentityBand } from "@/features/family/IdentityBand";
import { PausedBanner } from "@/features/sharing/Pause";
import { openProfile } from "@/lib/profile";
import { AppShell } from "@/ui/AppShell";
import { Avatar } from "@/ui/Avatar";
import css from "./-app.module.css";
import { NotFound, OopsAlone } from "./-fallbacks";
import { homeOf, isUnverified, requireSession } from "./-guard";
import { isLeaving, leave } from "./-leave";
import { closedTabs, leadingOn, tabsFor } from "./-tabs";

export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ context, location }) => ({ session: await requireSession(context.queries, location.href) }),
  component: Inside,
  errorComponent: OopsAlone,
  // Who is signed in keeps the frame, and with it the main part of the page, around an address that leads nowhere.
  notFoundComponent: NotFound,
});

/** Everything behind the door: navigation, live updates, and the end of the session. */
function Inside() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { session: entered } = Route.useRouteContext();
  const current = useQuery(session);
  const { account, idleSeconds } = current.data ?? entered;
  const limited = (current.data ?? entered).limited === true;
  const box = useQuery({ ...inbox, enabled: !limited });
  const open = !limited && !isUnverified(account);
  const unread = box.data?.unread ?? 0;
  const held = useHeld();
  const tabs = open ? tabsFor(account, unread, t) : closedTabs(isUnverified(account), limited, unread, t);

  useEffect(() => listen(client), [client]);

  const [leaving, setLeaving] = useState(false);
  const end = async () => {
    setLeaving(true);
    await leave("/sign-in?notice=idle");
  };

  const ended = current.data === null;
  useEffect(() => {
    if (ended && !isLeaving()) window.location.assign("/sign-in?notice=ended");
  }, [ended]);
  if (ended || leaving) return null;

  return (
    <AppShell
      home={homeOf(current.data ?? entered)}
      tabs={openProfile() ? leadingOn(tabs, held) : tabs}
      corner={
        <>
          {!limited && (
            <Link
              to="/inbox"
              className={css.corner}
              aria-label={unread > 0 ? t("nav.inboxUnread", { count: unread }) : t("nav.inbox")}
            >
              <IconBell aria-hidden />
              {unread > 0 && <span className={css.dot} />}
            </Link>
          )}
          <Link to="/account" className={css.corner} aria-label={t("nav.account")}>
            <IconUserCircle aria-hidden />
          </Link>
        </>
      }
      foot={
        <Link to="/account" className={css.who}>
          <Avatar name={account.name} />
          <span className={css.words}>
            <span className={css.name}>{account.name}</span>
            <span className="muted small">{t(`role.${account.role}`)}</span>
          </span>
        </Link>
      }
    >
      {open && account.role === "patient" && <IdentityBand />}
      <ExpiryNote expires={(current.data ?? entered).expires} />
      {open && account.role === "patient" && <PausedBanner />}
      <Outlet />
      <IdentityCheck />
      <IdleGuard idleSeconds={idleSeconds} onOver={end} />
    </AppShell>
  );
}
