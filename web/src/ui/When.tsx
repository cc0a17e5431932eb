import { useTranslation } from "react-i18next";
import { formatDate, formatExact, formatRelative } from "@/lib/dates";

interface WhenProps {
  value: string;
  /** As far from now as it is. */
  relative?: boolean;
  /** With the time of day, for what one waits for. */
  timed?: boolean;
}

/** A date as people say it, exact on hover. */
export function When({ value, relative, timed }: WhenProps) {
  const { i18n } = useTranslation();
  const locale = i18n.language;
  return (
    <time dateTime={value} title={formatExact(value, locale)}>
      {timed
        ? new Date(value).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" })
        : relative
          ? formatRelative(value, new Date(), locale)
          : formatDate(value, locale)}
    </time>
  );
}
