import {
  IconApps,
  IconBell,
  IconBuildingHospital,
  IconEye,
  IconFiles,
  IconFileText,
  IconHeartHandshake,
  IconHeartRateMonitor,
  IconHome,
  IconId,
  IconKey,
  IconMailQuestion,
  IconMessageQuestion,
  IconPencilCheck,
  IconShieldCheck,
  IconUrgent,
  IconUserCheck,
  IconUserCircle,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { isPart } from "@/api/family";
import type { Account, Delegation } from "@/api/types";
import type { Tab } from "@/ui/AppShell";

/** What is left to those who are not in yet: the page that says what is missing, and their messages. */
export function closedTabs(unverified: boolean, limited: boolean, unread: number, t: TFunction): Tab[] {
  const tabs: Tab[] = [];
  if (limited) tabs.push({ to: "/recover", label: t("nav.recover"), icon: <IconKey /> });
  else if (unverified) {
    tabs.push({ to: "/verification", label: t("nav.verification"), icon: <IconUserCheck /> });
    tabs.push({ to: "/inbox", label: t("nav.inbox"), icon: <IconBell />, badge: unread });
    tabs.push({ to: "/account", label: t("nav.account"), icon: <IconUserCircle /> });
  }
  return tabs;
}

/** What is about the whole of a record is refused to whoever looks after a part; and who only looks at that shares and answers
 * nothing in it. */
const WHOLE_ONLY: Tab["to"][] = ["/cases"];
const ACTING_ONLY: Tab["to"][] = ["/sharing", "/changes"];

/** The ways through another's record that do not end in a refusal. Until it is known what lets the caller in, the fewest. */
export function leadingOn(tabs: Tab[], held: Delegation | undefined): Tab[] {
  if (held && !isPart(held)) return tabs;
  const refused = held?.acts ? WHOLE_ONLY : [...WHOLE_ONLY, ...ACTING_ONLY];
  return tabs.filter((tab) => !refused.includes(tab.to));
}

/** Each role has its own ways; a phone shows at most five. */
export function tabsFor(account: Account, unread: number, t: TFunction): Tab[] {
  const notices: Tab = { to: "/inbox", label: t("nav.inbox"), icon: <IconBell />, badge: unread };
  switch (account.role) {
    case "patient":
      return [
        { to: "/home", label: t("nav.home"), icon: <IconHome /> },
        {
          to: "/record/$patient",
          params: { patient: account.patient ?? "" },
          label: t("nav.record"),
          icon: <IconFileText />,
        },
        { to: "/profile", label: t("nav.profile"), icon: <IconId />, phone: "more" },
        { to: "/documents", label: t("nav.documents"), icon: <IconFiles />, phone: "more" },
        { to: "/sharing", label: t("nav.sharing"), icon: <IconHeartHandshake /> },
        { to: "/ledger", label: t("nav.ledger"), icon: <IconEye /> },
        { to: "/changes", label: t("nav.changes"), icon: <IconPencilCheck />, phone: "more" },
        { to: "/cases", label: t("nav.cases"), icon: <IconMessageQuestion />, phone: "more" },
        { to: "/family", label: t("nav.family"), icon: <IconUsers />, phone: "more" },
        { ...notices, phone: "corner" },
      ];
    case "practitioner":
      return [
        { to: "/patients", label: t("nav.patients"), icon: <IconUsers /> },
        { to: "/requests", label: t("nav.requests"), icon: <IconMailQuestion /> },
        { to: "/changes", label: t("nav.changes"), icon: <IconPencilCheck /> },
        { to: "/cases", label: t("nav.cases"), icon: <IconMessageQuestion />, phone: "more" },
        notices,
      ];
    case "administrator":
      return [
        { to: "/admin/users", label: t("nav.users"), icon: <IconUsers /> },
        { to: "/admin/verifications", label: t("nav.verifications"), icon: <IconUserCheck /> },
        { to: "/admin/emergencies", label: t("nav.emergencies"), icon: <IconUrgent /> },
        { to: "/cases", label: t("nav.cases"), icon: <IconMessageQuestion />, phone: "more" },
        { to: "/admin/guardians", label: t("nav.guardians"), icon: <IconUsersGroup />, phone: "more" },
        { to: "/admin/organizations", label: t("nav.organizations"), icon: <IconBuildingHospital />, phone: "more" },
        { to: "/admin/apps", label: t("nav.apps"), icon: <IconApps />, phone: "more" },
        { to: "/admin/ledger", label: t("nav.ledgerState"), icon: <IconShieldCheck /> },
        { to: "/admin/health", label: t("nav.health"), icon: <IconHeartRateMonitor />, phone: "more" },
        { ...notices, phone: "corner" },
      ];
    default:
      return [notices];
  }
}
