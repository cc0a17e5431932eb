import { IconFileText, IconFileTypeDoc, IconFileTypePdf, IconPhoto } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { thumbnail } from "@/api/documents";
import type { DocumentItem } from "@/api/types";
import css from "./Documents.module.css";
import { useObjectUrl } from "./useObjectUrl";

/** The first page, small. The title stands beside it, so it is decoration to a screen reader. */
export function Thumbnail({ item }: { item: DocumentItem }) {
  const found = useQuery({ ...thumbnail(item.patient, item.id), enabled: item.picture });
  const url = useObjectUrl(found.data);
  return (
    <span className={css.thumb} aria-hidden>
      {url ? <img src={url} alt="" /> : <TypeIcon type={item.contentType} />}
    </span>
  );
}

function TypeIcon({ type }: { type: string }) {
  if (type === "application/pdf") return <IconFileTypePdf />;
  if (type.startsWith("image/")) return <IconPhoto />;
  return type.includes("word") ? <IconFileTypeDoc /> : <IconFileText />;
}
