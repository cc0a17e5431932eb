import { IconFileText } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { documents } from "@/api/documents";
import { List } from "@/ui/Card";
import { When } from "@/ui/When";
import css from "./TimelinePage.module.css";

const SHOWN = 3;

/** Documents whose text has the words, above the entries that have them. */
export function InDocuments({ patient, words }: { patient: string; words: string }) {
  const { t } = useTranslation();
  const found = useInfiniteQuery(documents(patient, { q: words }, 10));
  const items = found.data?.pages[0]?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="stack" aria-label={t("timeline.inDocuments")}>
      <h2>{t("timeline.inDocuments")}</h2>
      <List label={t("timeline.inDocuments")}>
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.id}>
            <Link
              to="/record/$patient/documents/$id"
              params={{ patient, id: item.id }}
              search={{ tab: "text" }}
              className={css.found}
            >
              <IconFileText size={20} aria-hidden />
              <span>
                {item.title}
                {item.date && (
                  <span className="muted small">
                    {" \u00b7 "}
                    <When value={item.date} />
                  </span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </List>
      {items.length > SHOWN && (
        <p>
          <Link to="/record/$patient/documents" params={{ patient }} search={{ q: words }}>
            {t("timeline.allInDocuments")}
          </Link>
        </p>
      )}
    </section>
  );
}
