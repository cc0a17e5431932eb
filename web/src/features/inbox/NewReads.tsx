import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { inbox } from "@/api/inbox";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { When } from "@/ui/When";
import css from "./InboxPage.module.css";
import { NoticeIcon } from "./NoticeIcon";

/** For the home page: somebody has read the record since the patient last looked. */
export function NewReads() {
  const { t } = useTranslation();
  const notices = useQuery(inbox);
  const fresh = notices.data?.items.filter((item) => item.kind === "read" && !item.read) ?? [];
  const latest = fresh[0];
  if (!latest) return null;
  return (
    <Card kind="soft" as="article" label={latest.title}>
      <div className={`${css.row} ${css.unread} ${css.bare}`}>
        <NoticeIcon kind="read" />
        <div className={css.words}>
          <h3 className={css.title}>{latest.title}</h3>
          <p className={css.body}>{latest.body}</p>
          <p className="muted small">
            <When value={latest.time} relative />
            {fresh.length > 1 && ` \u00b7 ${t("home.moreReads", { count: fresh.length - 1 })}`}
          </p>
        </div>
      </div>
      <div className="row">
        <ButtonLink to="/ledger">{t("home.seeReads")}</ButtonLink>
      </div>
    </Card>
  );
}
