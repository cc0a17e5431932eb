import { IconDownload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ErasureReceipt } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { save } from "@/ui/save";
import { When } from "@/ui/When";

/** What is left: the proof that nothing is. */
export function ErasedPage({ receipt }: { receipt: ErasureReceipt | null }) {
  const { t } = useTranslation();
  if (!receipt) {
    return (
      <>
        <h1>{t("erased.none")}</h1>
        <p>{t("erased.noneText")}</p>
        <Link to="/">{t("erased.start")}</Link>
      </>
    );
  }
  const keep = () => save("healthsync-erasure.json", JSON.stringify(receipt, null, 2), "application/json");
  return (
    <>
      <h1>{t("erased.title")}</h1>
      <p>{t("erased.text")}</p>
      <Card>
        <Facts>
          <Fact label={t("erased.when")}>
            <When value={receipt.erasedAt} timed />
          </Fact>
          <Fact label={t("erased.entries")}>{receipt.entries}</Fact>
          <Fact label={t("erased.seq")}>{receipt.seq}</Fact>
        </Facts>
        <p className="muted">{t("erased.proof")}</p>
        <div className="row">
          <Button kind="main" icon={<IconDownload aria-hidden />} onClick={keep}>
            {t("erased.keep")}
          </Button>
        </div>
      </Card>
      <Link to="/">{t("erased.start")}</Link>
    </>
  );
}
