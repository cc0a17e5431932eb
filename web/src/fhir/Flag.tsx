import { IconAlertOctagon, IconArrowDown, IconArrowUp, IconExclamationCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Flag as FlagCode } from "@/api/types";
import { Tag } from "@/ui/Chip";

const LOOKS = {
  high: { tone: "high", Icon: IconArrowUp },
  low: { tone: "low", Icon: IconArrowDown },
  critical: { tone: "high", Icon: IconAlertOctagon },
  abnormal: { tone: "warn", Icon: IconExclamationCircle },
} as const;

/** Out of the usual range: a sign and a word, never a colour alone. */
export function Flag({ flag }: { flag: FlagCode | null | undefined }) {
  const { t } = useTranslation();
  if (!flag || !(flag in LOOKS)) return null;
  const { tone, Icon } = LOOKS[flag];
  return (
    <Tag tone={tone} icon={<Icon aria-hidden />}>
      {t(`flag.${flag}`)}
    </Tag>
  );
}
