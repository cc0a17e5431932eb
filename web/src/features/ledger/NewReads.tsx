import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ledgerEntries } from "@/api/ledger";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { When } from "@/ui/When";
import { ActionIcon } from "./ActionIcon";
import css from "./Ledger.module.css";
import { lookedAt, readersSince } from "./news";

const SHOWN = 3;

/** For the home page: somebody has read the record since the patient last looked at the list. */
export function NewReads({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(ledgerEntries(true));
  const readers = readersSince(pages.data?.pages[0]?.entries ?? [], lookedAt(patient));
  if (readers.length === 0) return null;
  return (
    <Card kind="soft" as="article" label={t("reads.title")}>
      <div className={css.news}>
        <ActionIcon action="read" />
        <h3>{t("reads.title")}</h3>
      </div>
      <ul className="stack">
        {readers.slice(0, SHOWN).map((reader) => (
          <li key={reader.name}>
            <p className="strong">{reader.name}</p>
            <p className="muted small">
              {reader.organization && `${reader.organization} \u00b7 `}
              {t("reads.times", { count: reader.times })}
              {" \u00b7 "}
              <When value={reader.latest} relative />
            </p>
          </li>
        ))}
      </ul>
      {readers.length > SHOWN && <p className="muted small">{t("reads.more", { count: readers.length - SHOWN })}</p>}
      <div className="row">
        <ButtonLink to="/ledger">{t("reads.see")}</ButtonLink>
      </div>
    </Card>
  );
}
