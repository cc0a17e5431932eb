import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { documentText, plainText } from "@/api/documents";
import type { DocumentItem } from "@/api/types";
import { ErrorNote } from "@/ui/ErrorNote";
import { Scroll } from "@/ui/Scroll";
import { Skeleton } from "@/ui/Skeleton";
import css from "./DocumentPage.module.css";
import { textOf } from "./text";

/** A file without pictures of its pages: a text as it is, a document by the text in it. */
export function PlainText({ item }: { item: DocumentItem }) {
  const { t } = useTranslation();
  const plain = item.contentType === "text/plain";
  const whole = useQuery({ ...plainText(item.patient, item.id), enabled: plain });
  const read = useQuery({ ...documentText(item.patient, item.id), enabled: !plain && item.state === "read" });
  const found = plain ? whole : read;
  if (!plain && item.state !== "read") return <p className="muted">{t("documents.noPicture")}</p>;
  if (found.isPending) return <Skeleton rows={1} height={320} />;
  if (found.error) return <ErrorNote error={found.error} onRetry={() => found.refetch()} />;
  return (
    <>
      {!plain && <p className="muted small">{t("documents.onlyText")}</p>}
      <Scroll label={t("documents.content")} className={css.text}>
        {plain ? whole.data : (read.data?.pages ?? []).map(textOf).join("\n\n")}
      </Scroll>
    </>
  );
}
