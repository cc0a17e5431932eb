import { IconMail } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { outbox } from "@/api/identity";
import { Card } from "@/ui/Card";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./OutboxPage.module.css";

/** In a demonstration nothing leaves the machine: the e-mails it would have sent are read here. */
export function OutboxPage() {
  const { t } = useTranslation();
  const mails = useQuery(outbox);
  const absent = mails.error instanceof Problem && mails.error.status === 404;
  return (
    <Page title={t("outbox.title")} lead={t("outbox.lead")} narrow>
      {mails.isPending && <Skeleton rows={3} height={120} />}
      {absent && <Empty title={t("outbox.absent")}>{t("outbox.absentText")}</Empty>}
      {mails.error && !absent && <ErrorNote error={mails.error} onRetry={() => mails.refetch()} />}
      {mails.data?.length === 0 && (
        <Empty icon={<IconMail />} title={t("outbox.empty")}>
          {t("outbox.emptyText")}
        </Empty>
      )}
      {mails.data?.map((mail) => (
        <Card key={mail.id} as="article" label={mail.subject}>
          <div className="stack">
            <div>
              <h2 className={css.subject}>{mail.subject}</h2>
              <p className="muted small">
                {t("outbox.to", { to: mail.to })} {"\u00b7"} <When value={mail.time} relative />
              </p>
            </div>
            <p className={css.text}>{linked(mail.text)}</p>
          </div>
        </Card>
      ))}
    </Page>
  );
}

/** Addresses in a mail can be followed, as in any mail program. */
function linked(text: string) {
  return text.split(/(https?:\/\/\S+)/).map((part) =>
    /^https?:/.test(part) ? (
      <a key={part} href={part}>
        {part}
      </a>
    ) : (
      part
    ),
  );
}
