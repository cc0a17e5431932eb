import { IconDownload, IconFileOff, IconLock, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { isGone } from "@/api/client";
import { deleteDocument, document, documentContent, documentValues, restoreDocument } from "@/api/documents";
import type { DocumentItem } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button, ButtonLink } from "@/ui/Button";
import { Choice } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { save } from "@/ui/save";
import { toast } from "@/ui/Toast";
import { Details } from "./Details";
import css from "./DocumentPage.module.css";
import { PlainText } from "./PlainText";
import { ReadingNote } from "./ReadingNote";
import { TextSearch } from "./TextSearch";
import { type Mark, Viewer } from "./Viewer";

/** What of the page stands in its address. */
export interface DocumentSearch {
  page?: number;
  tab?: "text";
  /** A value of the record that was read from it, to be pointed at. */
  observation?: string;
}

interface DocumentProps {
  patient: string;
  id: string;
  own: boolean;
  search: DocumentSearch;
  onSearch: (search: DocumentSearch) => void;
  /** The sensitive areas of its entry in the record. */
  labels?: ReactNode;
}

/** One document: its pages, what is known of it, and its text. */
export function DocumentPage(props: DocumentProps) {
  const { t } = useTranslation();
  const found = useQuery(document(props.patient, props.id));
  useTitle(found.data?.title ?? t("documents.one"));
  if (found.isPending) return <Skeleton rows={3} height={160} />;
  if (isGone(found.error)) {
    return (
      <div className="stack">
        <PageHeading>{t("documents.gone")}</PageHeading>
        <Empty icon={<IconFileOff />} title={t("documents.goneText")} />
      </div>
    );
  }
  if (!found.data) return <ErrorNote error={found.error} onRetry={() => found.refetch()} />;
  return <DocumentView {...props} item={found.data} />;
}

function DocumentView({ item, own, search, onSearch, labels }: DocumentProps & { item: DocumentItem }) {
  const { t } = useTranslation();
  const [spot, setSpot] = useState<Mark | null>(null);
  const values = useQuery({
    ...documentValues(item.patient, item.id),
    enabled: search.observation !== undefined,
  });
  const asked = values.data?.find((value) => value.observation === search.observation);
  const mark: Mark | null =
    spot ?? (asked?.box ? { key: asked.n, page: asked.page ?? 1, place: asked.box, current: true } : null);
  const page = Math.min(search.page ?? mark?.page ?? 1, item.pages ?? 1);
  const tab = search.tab ?? "pages";
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div>
          {item.kind && <p className="muted">{item.kind.display}</p>}
          <PageHeading>{item.title}</PageHeading>
        </div>
        <Acts item={item} own={own} />
      </header>
      {item.deletedAt && <DeletedNote item={item} />}
      <ReadingNote item={item} own={own} />
      <div className={css.columns}>
        <div className="stack">
          <div>
            <Choice
              label={t("documents.view")}
              value={tab}
              options={[
                { value: "pages", text: t(item.picture ? "documents.pages" : "documents.content") },
                { value: "text", text: t("documents.text") },
              ]}
              onChange={(picked) => onSearch({ ...search, tab: picked === "text" ? "text" : undefined })}
            />
          </div>
          {tab === "text" ? (
            <TextSearch
              item={item}
              onPlace={(found) => {
                setSpot(found);
                onSearch({ page: found.page });
              }}
            />
          ) : item.picture ? (
            <Viewer
              item={item}
              page={page}
              onPage={(next) => {
                setSpot(null);
                onSearch({ page: next === 1 ? undefined : next });
              }}
              marks={mark ? [mark] : []}
            />
          ) : (
            <PlainText item={item} />
          )}
        </div>
        <div className="stack-loose">
          <Details key={item.id} item={item} />
          {own && (
            <div className="stack">
              <h2>{t("documents.seen")}</h2>
              <p className="muted small">{t("documents.seenText")}</p>
              <div>
                <ButtonLink size="small" to="/sharing">
                  {t("documents.seenLink")}
                </ButtonLink>
              </div>
            </div>
          )}
          {labels}
          <p className="small">
            <Link
              to="/record/$patient/entry/$type/$id"
              params={{ patient: item.patient, type: "DocumentReference", id: item.id }}
              search={{ exact: true }}
            >
              {t("documents.entry")}
            </Link>
          </p>
        </div>
      </div>
    </div>
  );
}

function Acts({ item, own }: { item: DocumentItem; own: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const renew = () => client.invalidateQueries({ queryKey: ["record", item.patient] });
  const download = useMutation({
    mutationFn: () => documentContent(item.id),
    onSuccess: (content) => save(item.fileName, content, item.contentType),
  });
  const restore = useMutation({
    mutationFn: () => restoreDocument(item.id),
    onSuccess: () => renew(),
    onError: () => toast(t("documents.notRestored")),
  });
  const remove = useMutation({
    mutationFn: () => deleteDocument(item.id),
    onSuccess: async () => {
      await navigate({ to: "/documents" });
      toast(t("documents.wasDeleted", { title: item.title }), () => restore.mutate());
      return renew();
    },
  });
  const error = download.error ?? remove.error;
  return (
    <div className={css.acts}>
      <Button icon={<IconDownload aria-hidden />} busy={download.isPending} onClick={() => download.mutate()}>
        {t("documents.download")}
      </Button>
      {own && item.mayChange && !item.deletedAt && (
        <ButtonLink to="/documents/sealed/new" search={{ document: item.id }} icon={<IconLock aria-hidden />}>
          {t("sealed.sealThis")}
        </ButtonLink>
      )}
      {own && item.mayChange && !item.deletedAt && (
        <Button kind="danger" icon={<IconTrash aria-hidden />} busy={remove.isPending} onClick={() => remove.mutate()}>
          {t("documents.delete")}
        </Button>
      )}
      {error && <ErrorNote error={error} />}
    </div>
  );
}

function DeletedNote({ item }: { item: DocumentItem }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => restoreDocument(item.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["record", item.patient] }),
  });
  return (
    <Banner
      kind="warn"
      title={t("documents.isDeleted")}
      action={
        item.mayChange && (
          <Button size="small" busy={restore.isPending} onClick={() => restore.mutate()}>
            {t("documents.deleted.restore")}
          </Button>
        )
      }
    >
      {t("documents.deleted.lead")}
    </Banner>
  );
}
