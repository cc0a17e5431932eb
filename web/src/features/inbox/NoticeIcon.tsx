import {
  IconEye,
  IconEyeExclamation,
  IconFilePlus,
  IconHeartHandshake,
  IconLock,
  IconMailQuestion,
  IconMessageQuestion,
  IconPencilCheck,
  IconShieldLock,
  IconUrgent,
} from "@tabler/icons-react";
import type { NoticeKind } from "@/api/types";
import css from "./InboxPage.module.css";

const ICONS = {
  "access-request": IconMailQuestion,
  grant: IconHeartHandshake,
  revoked: IconLock,
  read: IconEye,
  "new-reader": IconEyeExclamation,
  record: IconFilePlus,
  security: IconShieldLock,
  emergency: IconUrgent,
  edit: IconPencilCheck,
  case: IconMessageQuestion,
} satisfies Record<NoticeKind, unknown>;

export function NoticeIcon({ kind }: { kind: NoticeKind }) {
  const Icon = ICONS[kind] ?? IconShieldLock;
  return (
    <span className={css.icon} aria-hidden>
      <Icon size={22} />
    </span>
  );
}
