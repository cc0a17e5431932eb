import { IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { shareCode } from "@/api/consent";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import css from "./Sharing.module.css";

/** What a patient tells a doctor who wants to ask for access. It opens nothing by itself. */
export function ShareCode() {
  const { t } = useTranslation();
  const code = useQuery(shareCode);
  if (code.isPending) return <Skeleton rows={1} height={120} />;
  if (!code.data) return null;
  const copy = () =>
    navigator.clipboard.writeText(code.data).then(
      () => toast(t("shareCode.copied")),
      () => toast(t("shareCode.notCopied")),
    );
  return (
    <Section title={t("shareCode.title")}>
      <Card>
        <p>{t("shareCode.text")}</p>
        <div className="spread">
          <p className={css.code}>
            {/* A gap to read by, that is not copied along. */}
            <span>{code.data.slice(0, 4)}</span>
            <span>{code.data.slice(4)}</span>
          </p>
          <Button icon={<IconCopy aria-hidden />} onClick={copy}>
            {t("shareCode.copy")}
          </Button>
        </div>
      </Card>
    </Section>
  );
}
