import { IconChevronDown, IconChevronUp, IconMapPin } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { documentText } from "@/api/documents";
import type { DocumentItem, ReadPage } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, SearchField } from "@/ui/Field";
import { Scroll } from "@/ui/Scroll";
import { Skeleton } from "@/ui/Skeleton";
import css from "./DocumentPage.module.css";
import { find, type Hit, textOf } from "./text";
import type { Mark } from "./Viewer";

/** The text that was read, and a search in it; what is found can be looked at on its page. */
export function TextSearch({ item, onPlace }: { item: DocumentItem; onPlace: (mark: Mark) => void }) {
  const { t } = useTranslation();
  const text = useQuery({ ...documentText(item.patient, item.id), enabled: item.state === "read" });
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const pages = text.data?.pages;
  const hits = useMemo(() => find(pages ?? [], wanted), [pages, wanted]);
  if (item.state !== "read") return <p className="muted">{t(`documents.state.${item.state}`)}</p>;
  if (text.isPending) return <Skeleton rows={1} height={320} />;
  if (!pages) return <ErrorNote error={text.error} onRetry={() => text.refetch()} />;
  if (pages.every((page) => page.lines.length === 0)) return <Empty title={t("documents.noText")} />;
  const current = hits[Math.min(at, hits.length - 1)];
  const step = (by: number) => hits.length > 0 && setAt((now) => (now + by + hits.length) % hits.length);
  return (
    <div className="stack">
      <Form onSubmit={() => step(1)}>
        <div className={css.find}>
          <SearchField
            label={t("documents.find")}
            value={wanted}
            onText={(typed) => {
              setWanted(typed);
              setAt(0);
            }}
          />
          {wanted.trim() !== "" && (
            <>
              <span role="status" className="muted">
                {hits.length > 0
                  ? t("documents.hits", { at: hits.indexOf(current as Hit) + 1, count: hits.length })
                  : t("documents.noHits")}
              </span>
              <IconButton label={t("documents.previousHit")} disabled={hits.length === 0} onClick={() => step(-1)}>
                <IconChevronUp aria-hidden />
              </IconButton>
              <IconButton label={t("documents.nextHit")} disabled={hits.length === 0} onClick={() => step(1)}>
                <IconChevronDown aria-hidden />
              </IconButton>
            </>
          )}
          {current?.place && item.picture && (
            <Button
              size="small"
              icon={<IconMapPin aria-hidden />}
              onClick={() =>
                current.place && onPlace({ key: "hit", page: current.page, place: current.place, current: true })
              }
            >
              {t("documents.onPage", { page: current.page })}
            </Button>
          )}
        </div>
      </Form>
      <Scroll label={t("documents.text")} className={css.text}>
        {pages.map((page) => (
          <TextPage key={page.n} page={page} hits={hits.filter((hit) => hit.page === page.n)} current={current} />
        ))}
      </Scroll>
    </div>
  );
}

function TextPage({ page, hits, current }: { page: ReadPage; hits: Hit[]; current: Hit | undefined }) {
  const text = useMemo(() => textOf(page), [page]);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    if (current) mark.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const hit of hits) {
    parts.push(text.slice(at, hit.from));
    const now = hit === current;
    parts.push(
      <mark key={hit.from} ref={now ? mark : undefined} data-current={now || undefined}>
        {text.slice(hit.from, hit.to)}
      </mark>,
    );
    at = hit.to;
  }
  parts.push(text.slice(at));
  return <div className={css.textPage}>{parts}</div>;
}
