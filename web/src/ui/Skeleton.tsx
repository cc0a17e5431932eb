import { useTranslation } from "react-i18next";
import css from "./Skeleton.module.css";

/** Stands where content will be, in its size, so that nothing jumps when it comes. */
export function Skeleton({ rows = 3, height = 64 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <div className={css.stack} role="status" aria-label={t("common.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars have no identity.
        <span key={row} className={css.bar} style={{ height }} />
      ))}
    </div>
  );
}
