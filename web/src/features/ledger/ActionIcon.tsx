import {
  IconDownload,
  IconEye,
  IconHeartHandshake,
  IconHistory,
  IconLock,
  IconMailQuestion,
  IconPencil,
  IconPencilCheck,
  IconPlugConnected,
  IconPlugConnectedX,
  IconPlus,
  IconSearch,
  IconTrash,
  IconUrgent,
  IconUserPlus,
} from "@tabler/icons-react";
import css from "./Ledger.module.css";

const ICONS: Record<string, typeof IconEye> = {
  read: IconEye,
  search: IconSearch,
  history: IconHistory,
  create: IconPlus,
  import: IconPlus,
  update: IconPencil,
  delete: IconTrash,
  export: IconDownload,
  grant: IconHeartHandshake,
  extend: IconHeartHandshake,
  revoke: IconLock,
  refused: IconLock,
  decline: IconLock,
  request: IconMailQuestion,
  register: IconUserPlus,
  connect: IconPlugConnected,
  disconnect: IconPlugConnectedX,
  narrow: IconPlugConnectedX,
  "break-glass": IconUrgent,
  draft: IconPencil,
  approve: IconPencilCheck,
};

export function ActionIcon({ action }: { action: string }) {
  const Icon = ICONS[action] ?? IconEye;
  return (
    <span
      className={action === "refused" || action === "break-glass" ? `${css.icon} ${css.refused}` : css.icon}
      aria-hidden
    >
      <Icon size={20} />
    </span>
  );
}
