import { IconMailQuestion, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { accessRequests } from "@/api/consent";
import type { AccessRequest } from "@/api/types";
import { ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./RequestsPage.module.css";

const TONES = { open: "warn", granted: "ok", declined: "neutral" } as const;

/** What one has asked for and what was answered. */
export function RequestsPage() {
  const { t } = useTranslation();
  const list = useQuery(accessRequests);
  return (
    <Page
      title={t("sent.title")}
      lead={t("sent.lead")}
      narrow
      action={
        <ButtonLink kind="main" to="/requests/new" icon={<IconPlus aria-hidden />}>
          {t("patients.request")}
        </ButtonLink>
      }
    >
      {list.isPending && <Skeleton rows={3} height={84} />}
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data && list.data.length === 0 && (
        <Empty icon={<IconMailQuestion />} title={t("sent.empty")}>
          {t("sent.emptyText")}
        </Empty>
      )}
      {list.data && list.data.length > 0 && (
        <List label={t("sent.title")}>
          {list.data.map((request) => (
            <li key={request.id}>
              <RequestRow request={request} />
            </li>
          ))}
        </List>
      )}
    </Page>
  );
}

function RequestRow({ request }: { request: AccessRequest }) {
  const { t } = useTranslation();
  const what =
    request.categories === null
      ? t("sharing.everything")
      : request.categories.map((each) => t(`category.${each}`)).join(", ");
  return (
    <div className={css.row}>
      <div className="spread">
        <span className="strong">{request.patient}</span>
        <Tag tone={TONES[request.state]}>{t(`requestState.${request.state}`)}</Tag>
      </div>
      <p>{request.reason}</p>
      <p className="muted small">
        {what}
        {request.days !== null && ` \u00b7 ${t("requests.days", { count: request.days })}`}
        {" \u00b7 "}
        <When value={request.created} relative />
      </p>
    </div>
  );
}
