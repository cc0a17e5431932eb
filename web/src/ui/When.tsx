import { useTranslation } from "react-i18next";
import { formatDate, formatExact, formatRelative } from "@/lib/dates";

/** A date as people say it, exact on hover. */
export function When({ value, relative }: { value: string; relative?: boolean }) {
  const { i18n } = useTranslation();
  const locale = i18n.language;
  return (
    <time dateTime={value} title={formatExact(value, locale)}>
      {relative ? formatRelative(value, new Date(), locale) : formatDate(value, locale)}
    </time>
  );
}
