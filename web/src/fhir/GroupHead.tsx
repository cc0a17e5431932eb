import { IconBuildingHospital, IconCalendar } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Group } from "@/api/types";
import { formatDate } from "@/lib/dates";
import { When } from "@/ui/When";
import css from "./GroupHead.module.css";
import { sentence } from "./words";

const CLASSES = ["ambulatory", "emergency", "inpatient", "virtual", "home"] as const;
const isClass = (value: string): value is (typeof CLASSES)[number] => (CLASSES as readonly string[]).includes(value);

/** The heading of a visit, or of a day without one. */
export function GroupHead({ group, level: Tag = "h2" }: { group: Group; level?: "h2" | "h3" }) {
  const { t, i18n } = useTranslation();
  const { visit } = group;
  if (!visit) {
    return (
      <div className={css.head}>
        <IconCalendar className={css.icon} aria-hidden />
        <div>
          <Tag>{group.date ? <When value={group.date} /> : t("timeline.undated")}</Tag>
        </div>
      </div>
    );
  }
  const where = [visit.organization, visit.practitioner].filter(Boolean).join(" \u00b7 ");
  const kind = isClass(visit.class) ? t(`visit.${visit.class}`) : sentence(visit.class);
  const stayed = visit.end && visit.end.slice(0, 10) !== visit.start.slice(0, 10);
  return (
    <div className={css.head}>
      <IconBuildingHospital className={css.icon} aria-hidden />
      <div>
        <Tag>
          <When value={visit.start} />
          {stayed && visit.end && ` \u2013 ${formatDate(visit.end, i18n.language)}`}
          {" \u00b7 "}
          {visit.title}
        </Tag>
        <p className={css.where}>{[kind, where, visit.reason].filter(Boolean).join(" \u00b7 ")}</p>
      </div>
    </div>
  );
}
