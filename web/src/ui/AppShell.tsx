import { IconDots } from "@tabler/icons-react";
import { Link, type LinkProps, useRouter } from "@tanstack/react-router";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import css from "./AppShell.module.css";
import { Brand } from "./Brand";
import { Dialog } from "./Dialog";

export interface Tab {
  to: LinkProps["to"];
  params?: Record<string, string>;
  label: string;
  icon: ReactNode;
  badge?: number;
  /** Where a phone has it when not among its tabs, of which there are at most five: behind "More", or in the top bar. */
  phone?: "more" | "corner";
}

interface ShellProps {
  tabs: Tab[];
  home: LinkProps["to"];
  /** Buttons in the phone's top bar. */
  corner: ReactNode;
  /** The foot of the side navigation. */
  foot: ReactNode;
  children: ReactNode;
}

/** Tabs at the thumb on a phone, a side navigation on a desk. */
export function AppShell({ tabs, home, corner, foot, children }: ShellProps) {
  const { t } = useTranslation();
  return (
    <div className={css.shell}>
      <SkipLink />
      <header className={css.top}>
        <Link to={home} className={css.brand}>
          <Brand />
        </Link>
        <div className={css.corner}>{corner}</div>
      </header>
      <header className={css.side}>
        <Link to={home} className={css.brand}>
          <Brand />
        </Link>
        <nav aria-label={t("nav.main")} className={css.nav}>
          {tabs.map((tab) => (
            <TabLink key={tab.label} tab={tab} />
          ))}
        </nav>
        <div className={css.foot}>{foot}</div>
      </header>
      <main id="main" className={css.main} tabIndex={-1}>
        {children}
      </main>
      <nav aria-label={t("nav.tabs")} className={css.tabs}>
        {tabs
          .filter((tab) => !tab.phone)
          .map((tab) => (
            <TabLink key={tab.label} tab={tab} />
          ))}
        <More tabs={tabs.filter((tab) => tab.phone === "more")} />
      </nav>
    </div>
  );
}

/** The ways that are walked less often, one tap further. */
function More({ tabs }: { tabs: Tab[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const at = useSyncExternalStore(
    (moved) => router.subscribe("onResolved", moved),
    () => router.state.location.pathname,
  );
  const here = tabs.some(({ to, params }) => {
    const { pathname } = router.buildLocation({ to, params: params as never });
    return at === pathname || at.startsWith(`${pathname}/`);
  });
  if (tabs.length === 0) return null;
  const close = () => setOpen(false);
  return (
    <>
      <button
        type="button"
        className={css.tab}
        aria-haspopup="dialog"
        aria-current={here ? "page" : undefined}
        onClick={() => setOpen(true)}
      >
        <span className={css.tabIcon} aria-hidden>
          <IconDots />
          {tabs.some((tab) => tab.badge) && <span className={css.dot} />}
        </span>
        <span>{t("nav.more")}</span>
      </button>
      <Dialog open={open} title={t("nav.more")} onClose={close}>
        <ul className={css.more}>
          {tabs.map((tab) => (
            <li key={tab.label}>
              <TabLink tab={tab} onClick={close} />
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}

function TabLink({ tab, onClick }: { tab: Tab; onClick?: () => void }) {
  const { t } = useTranslation();
  return (
    <Link
      to={tab.to}
      params={tab.params as never}
      className={css.tab}
      activeProps={{ "aria-current": "page" }}
      onClick={onClick}
    >
      <span className={css.tabIcon} aria-hidden>
        {tab.icon}
        {!!tab.badge && <span className={css.dot} />}
      </span>
      <span>{tab.label}</span>
      {!!tab.badge && (
        <span className={css.badge}>
          {tab.badge}
          <span className="visually-hidden"> {t("nav.unread")}</span>
        </span>
      )}
    </Link>
  );
}

export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a className="skip" href="#main">
      {t("nav.skip")}
    </a>
  );
}
