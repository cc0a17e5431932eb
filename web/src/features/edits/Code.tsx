import { useTranslation } from "react-i18next";
import type { HandedCode } from "@/api/types";
import { useGood } from "@/lib/good";
import { Banner } from "@/ui/Banner";
import { When } from "@/ui/When";
import css from "./Edits.module.css";

/** How long the server takes a code for a change or a visit. */
const GOOD_MINUTES = 10;

interface CodeProps {
  made: HandedCode;
  name: string;
  /** Until when the server takes a code for this, if there is one that it takes. */
  good: string | null;
}

/** The code, large enough to be read to somebody across a desk, for as long as it is the one that is taken. */
export function Code({ made, name, good }: CodeProps) {
  const { t } = useTranslation();
  const { until, over } = useGood(made.until, GOOD_MINUTES);
  if (over || good !== made.until)
    return (
      <Banner kind="warn" title={t("edits.codeOver")}>
        {t("edits.codeOverText")}
      </Banner>
    );
  return (
    <Banner kind="proof" title={t("edits.codeTitle", { name })}>
      <p className={css.code}>
        <span>{made.code.slice(0, 4)}</span>
        <span>{made.code.slice(4)}</span>
      </p>
      <p>
        {t("edits.codeUntil")} <When value={until} relative />
      </p>
    </Banner>
  );
}
