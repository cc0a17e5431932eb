import { IconCamera, IconFiles, IconTrash, IconUpload } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type DocumentFilter, documents } from "@/api/documents";
import { ACCEPT } from "@/lib/files";
import { ButtonLink } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { SearchField } from "@/ui/Field";
import { FileButton } from "@/ui/FileButton";
import { Page, PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { DropZone } from "./DropZone";
import { Filters } from "./Filters";

const Tray = lazy(() => import("./Tray"));
const Unfinished = lazy(() => import("./Unfinished"));
// Fetched at once, beside the documents themselves, and not before the frame of the page.
const rows = import("./DocumentList");
const DocumentList = lazy(() => rows);

interface DocumentsProps {
  patient: string;
  filter: DocumentFilter;
  onFilter: (filter: DocumentFilter) => void;
  /** What is sealed in this record, behind the list. */
  sealed?: ReactNode;
}

/** The documents of one's own record, or of one that one acts for: where new ones are added. */
export function DocumentsPage({ mayAdd, ...props }: DocumentsProps & { mayAdd: boolean }) {
  const { t } = useTranslation();
  // The first page of the list, which says how large a file may be.
  const largest = useInfiniteQuery({ ...documents(props.patient, props.filter), placeholderData: keepPreviousData });
  const add = async (files: File[]) => {
    const { addFiles } = await import("./uploads");
    addFiles(
      props.patient,
      files.map((file) => ({ name: file.name, file })),
      largest.data?.pages[0]?.maxBytes,
    );
  };
  return (
    <Page
      title={t("documents.title")}
      lead={t("documents.lead")}
      action={
        mayAdd && (
          <>
            <ButtonLink to="/documents/camera" icon={<IconCamera aria-hidden />}>
              {t("documents.photograph")}
            </ButtonLink>
            <FileButton kind="main" accept={ACCEPT} icon={<IconUpload aria-hidden />} onPickAll={add}>
              {t("documents.choose")}
            </FileButton>
          </>
        )
      }
    >
      {mayAdd && <DropZone onFiles={add} />}
      <Found {...props} own mayAdd={mayAdd} />
      {props.sealed}
      {mayAdd && (
        <div>
          <ButtonLink kind="quiet" to="/documents/deleted" icon={<IconTrash aria-hidden />}>
            {t("documents.deleted.title")}
          </ButtonLink>
        </div>
      )}
    </Page>
  );
}

/** The documents of a patient, inside their open record. */
export function RecordDocuments(props: DocumentsProps) {
  const { t } = useTranslation();
  useTitle(t("documents.title"));
  return (
    <div className="stack">
      <PageHeading>{t("documents.title")}</PageHeading>
      <Found {...props} own={false} mayAdd={false} />
      {props.sealed}
    </div>
  );
}

const TYPING_PAUSE = 300;

function Found({ patient, filter, onFilter, own, mayAdd }: DocumentsProps & { own: boolean; mayAdd: boolean }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery({ ...documents(patient, filter), placeholderData: keepPreviousData });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = Object.values({ ...filter, sort: undefined }).some(Boolean);
  return (
    <div className="stack">
      {mayAdd && (
        <Suspense>
          <Tray patient={patient} />
          <Unfinished patient={patient} />
        </Suspense>
      )}
      <Search text={filter.q ?? ""} onText={(q) => onFilter({ ...filter, q: q || undefined })} />
      {filter.q?.includes(" ") && <p className="muted small">{t("documents.allWords")}</p>}
      <Filters filter={filter} page={pages.data?.pages[0]} onFilter={onFilter} />
      {pages.isPending && <Skeleton rows={4} height={104} />}
      {pages.error && <ErrorNote error={pages.error} onRetry={() => pages.refetch()} />}
      {pages.data && items.length === 0 && (
        <Empty icon={<IconFiles />} title={t(narrowed ? "documents.noMatch" : "documents.empty")}>
          {t(narrowed ? "documents.noMatchText" : mayAdd ? "documents.emptyText" : "documents.emptyOther")}
        </Empty>
      )}
      {items.length > 0 && (
        <Suspense fallback={<Skeleton rows={4} height={104} />}>
          <DocumentList
            items={items}
            own={own}
            more={pages.hasNextPage}
            loading={pages.isFetchingNextPage}
            onMore={() => pages.fetchNextPage()}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Waits with the question until the typing pauses, because each answer is a line in the ledger. */
function Search({ text, onText }: { text: string; onText: (text: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const ask = useRef(onText);
  ask.current = onText;
  const asked = useRef(text);
  useEffect(() => {
    // The menu, or the way back, leads to another question than the one that was typed here.
    if (text === asked.current) return;
    asked.current = text;
    setTyped(text);
  }, [text]);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = wanted;
      ask.current(wanted);
    }, TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return <SearchField label={t("documents.search")} value={typed} onText={setTyped} />;
}
