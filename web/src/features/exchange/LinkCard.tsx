import { IconCopy } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { revokeHealthLink } from "@/api/exchange";
import type { HealthLink } from "@/api/types";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Confirm } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { QrCode } from "@/ui/QrCode";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Exchange.module.css";

/** One link: its code to show, who opened it, and how to end it. */
export function LinkCard({ link }: { link: HealthLink }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => revokeHealthLink(link.id),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["links"] });
      client.invalidateQueries({ queryKey: ["emergency-card"] });
      setAsking(false);
      toast(t("links.ended", { label: link.label }));
    },
  });
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => toast(t("links.copied")),
      () => toast(t("shareCode.notCopied")),
    );
  return (
    <Card as="article" label={t("links.one", { label: link.label })}>
      <div className="spread">
        <h2>{link.label}</h2>
        <Tag tone={link.state === "active" ? "ok" : link.state === "locked" ? "high" : "neutral"}>
          {t(`linkState.${link.state}`)}
        </Tag>
      </div>
      <div className={css.split}>
        {link.address && (
          <div className={css.qr}>
            <QrCode text={link.address} label={t("links.qr", { label: link.label })} />
          </div>
        )}
        <div className="stack">
          <Facts>
            {link.state === "active" && link.passcode && (
              <Fact label={t("links.passcode")}>
                <span className="strong">{link.passcode}</span>
              </Fact>
            )}
            <Fact label={t("links.until")}>
              {link.until ? <When value={link.until} timed /> : t("links.untilEnded")}
            </Fact>
            <Fact label={t("sharing.sensitive")}>{t(link.sensitive ? "links.sensitiveIn" : "links.sensitiveOut")}</Fact>
            <Fact label={t("links.openings")}>{t("links.times", { count: link.openings })}</Fact>
            {link.wrongPasscodes > 0 && (
              <Fact label={t("links.wrong")}>{t("links.ofFive", { count: link.wrongPasscodes })}</Fact>
            )}
          </Facts>
          {link.latest.length > 0 && (
            <ul className={css.tries} aria-label={t("links.latest")}>
              {link.latest.map((each) => (
                <li key={`${each.time} ${each.result}`} className="spread">
                  <span>
                    {each.recipient}
                    {each.result !== "opened" && <Tag tone="warn">{t(`linkTry.${each.result}`)}</Tag>}
                  </span>
                  <span className="muted small">
                    <When value={each.time} timed />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
      {link.state === "active" && link.address && (
        <div className="row">
          <Button icon={<IconCopy aria-hidden />} onClick={() => copy(link.address ?? "")}>
            {t("links.copy")}
          </Button>
          <Button kind="danger" onClick={() => setAsking(true)}>
            {t("links.end")}
          </Button>
        </div>
      )}
      <Confirm
        open={asking}
        title={t("links.endTitle", { label: link.label })}
        confirm={t("links.endNow")}
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{t("links.endText")}</p>
        {revoke.error && <ErrorNote error={revoke.error} />}
      </Confirm>
    </Card>
  );
}
