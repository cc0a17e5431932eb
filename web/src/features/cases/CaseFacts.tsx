import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AccessCase } from "@/api/types";
import { Fact, Facts } from "@/ui/Card";
import { When } from "@/ui/When";

/** What a case is about, and until when an answer is owed. */
export function CaseFacts({ one, asks }: { one: AccessCase; asks: boolean }) {
  const { t } = useTranslation();
  return (
    <Facts>
      {one.reader.organization && <Fact label={t("cases.organization")}>{one.reader.organization}</Fact>}
      {!asks && <Fact label={t("cases.patient")}>{one.patient}</Fact>}
      {one.entry && (
        <Fact label={t("cases.entry")}>
          <When value={one.entry.time} timed />
          <span className="muted"> {t("cases.number", { number: one.entry.seq })}</span>
        </Fact>
      )}
      {one.about && (
        <Fact label={t("cases.about")}>
          {one.record ? (
            <Link
              to="/record/$patient/entry/$type/$id"
              params={{ patient: one.record, type: one.about.type, id: one.about.id }}
            >
              {one.about.title}
            </Link>
          ) : (
            one.about.title
          )}
          {one.about.date && (
            <span className="muted">
              {" "}
              <When value={one.about.date} />
            </span>
          )}
        </Fact>
      )}
      {one.about?.version && <Fact label={t("cases.now")}>{t("cases.version", { number: one.about.version })}</Fact>}
      {one.proposal && <Fact label={t("cases.proposal")}>{one.proposal}</Fact>}
      {one.due && (
        <Fact label={t("cases.due")}>
          <When value={one.due} relative />
        </Fact>
      )}
    </Facts>
  );
}
