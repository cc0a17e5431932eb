import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { DocumentItem } from "@/api/types";
import { Tag } from "@/ui/Chip";
import { When } from "@/ui/When";
import css from "./Documents.module.css";
import { Thumbnail } from "./Thumbnail";
import { stateOf } from "./words";

/** One document of a list: what it is, of when, from where, and how far its reading has come. */
export function DocumentRow({ item, own }: { item: DocumentItem; own: boolean }) {
  const { t } = useTranslation();
  const state = stateOf(t, item);
  const content = (
    <>
      <Thumbnail item={item} />
      <span className={css.words}>
        <span className={css.title}>{item.title}</span>
        <span className={css.meta}>
          {item.kind && <span>{item.kind.display}</span>}
          {item.date && <When value={item.date} />}
          {item.organization && <span>{item.organization}</span>}
          {!item.kind && !item.date && !item.organization && (
            <span>
              {t("documents.added")} <When value={item.addedAt} relative />
            </span>
          )}
        </span>
        {(state || item.sameAs || item.tags.length > 0) && (
          <span className={css.marks}>
            {state && <Tag tone={state.tone}>{state.text}</Tag>}
            {item.sameAs && <Tag tone="warn">{t("documents.same")}</Tag>}
            {item.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </span>
        )}
      </span>
    </>
  );
  return own ? (
    <Link to="/documents/$id" params={{ id: item.id }} className={css.row}>
      {content}
    </Link>
  ) : (
    <Link to="/record/$patient/documents/$id" params={{ patient: item.patient, id: item.id }} className={css.row}>
      {content}
    </Link>
  );
}
