import { useTranslation } from "react-i18next";
import type { HandedCode } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { When } from "@/ui/When";
import css from "./Edits.module.css";

/** The code, large enough to be read to somebody across a desk. */
export function Code({ made, name }: { made: HandedCode; name: string }) {
  const { t } = useTranslation();
  return (
    <Banner kind="proof" title={t("edits.codeTitle", { name })}>
      <p className={css.code}>
        <span>{made.code.slice(0, 4)}</span>
        <span>{made.code.slice(4)}</span>
      </p>
      <p>
        {t("edits.codeUntil")} <When value={made.until} relative />
      </p>
    </Banner>
  );
}
