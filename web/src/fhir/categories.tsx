import {
  IconActivity,
  IconAlertTriangle,
  IconCalendarEvent,
  IconChecklist,
  IconDeviceWatch,
  IconDots,
  IconEye,
  IconFileText,
  IconHeartbeat,
  IconPhoto,
  IconPill,
  IconReceipt,
  IconStethoscope,
  IconTestPipe,
  IconUser,
  IconVaccine,
} from "@tabler/icons-react";
import { CATEGORIES, type Category, type Counts } from "@/api/types";

const ICONS = {
  visit: IconCalendarEvent,
  condition: IconStethoscope,
  medicine: IconPill,
  result: IconTestPipe,
  vital: IconHeartbeat,
  observation: IconEye,
  procedure: IconActivity,
  immunization: IconVaccine,
  allergy: IconAlertTriangle,
  document: IconFileText,
  imaging: IconPhoto,
  plan: IconChecklist,
  device: IconDeviceWatch,
  billing: IconReceipt,
  person: IconUser,
  other: IconDots,
} satisfies Record<Category, unknown>;

export function CategoryIcon({ category, size = 20 }: { category: Category; size?: number }) {
  const Icon = ICONS[category] ?? ICONS.other;
  return <Icon size={size} aria-hidden />;
}

/** The categories that hold something, in the order of the record. */
export function counted(counts: Counts): { category: Category; count: number }[] {
  return CATEGORIES.flatMap((category) => {
    const count = counts[category] ?? 0;
    return count > 0 ? [{ category, count }] : [];
  });
}
