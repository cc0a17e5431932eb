import "@/lib/laterWords";
import { IconFileText, IconPhoto, IconUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClinicianDocument, Verification } from "@/api/types";
import { addDocument, ownDocument, removeDocument } from "@/api/verification";
import { formatBytes } from "@/lib/format";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card, List } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { FileButton } from "@/ui/FileButton";
import css from "./Documents.module.css";

const LARGEST = 5 * 1024 * 1024;

interface DocumentsProps {
  mine: Verification;
  readOnly: boolean;
  onChanged: (fresh: Verification) => void;
}

export function Documents({ mine, readOnly, onChanged }: DocumentsProps) {
  const { t } = useTranslation();
  const [tooLarge, setTooLarge] = useState(false);
  const add = useMutation({ mutationFn: addDocument, onSuccess: onChanged });
  const pick = (file: File) => {
    setTooLarge(file.size > LARGEST);
    if (file.size <= LARGEST) add.mutate(file);
  };
  return (
    <Card>
      <div className="stack">
        <p className="muted">{t("verification.documentsText")}</p>
        {mine.documents.length > 0 && (
          <List label={t("verification.documents")}>
            {mine.documents.map((document) => (
              <li key={document.id}>
                <DocumentRow document={document} readOnly={readOnly} onChanged={onChanged} />
              </li>
            ))}
          </List>
        )}
        {tooLarge && <Banner kind="warn">{t("verification.tooLarge")}</Banner>}
        {add.error && <ErrorNote error={add.error} />}
        {!readOnly && (
          <div>
            <FileButton
              accept=".pdf,.jpg,.jpeg,.png"
              icon={<IconUpload aria-hidden />}
              busy={add.isPending}
              onPick={pick}
            >
              {t("verification.addDocument")}
            </FileButton>
          </div>
        )}
      </div>
    </Card>
  );
}

interface RowProps {
  document: ClinicianDocument;
  readOnly: boolean;
  onChanged: (fresh: Verification) => void;
}

function DocumentRow({ document, readOnly, onChanged }: RowProps) {
  const { t, i18n } = useTranslation();
  const remove = useMutation({ mutationFn: () => removeDocument(document.id), onSuccess: onChanged });
  const Icon = document.mediaType === "application/pdf" ? IconFileText : IconPhoto;
  return (
    <div className={css.document}>
      <span className={css.sign} aria-hidden>
        <Icon />
      </span>
      <div className={css.words}>
        <a href={ownDocument(document.id)} download={document.name}>
          {document.name}
        </a>
        <p className="muted small">{formatBytes(document.bytes, i18n.language)}</p>
        {remove.error && <ErrorNote error={remove.error} />}
      </div>
      {!readOnly && (
        <Button size="small" kind="quiet" busy={remove.isPending} onClick={() => remove.mutate()}>
          {t("verification.remove")}
          <span className="visually-hidden"> {document.name}</span>
        </Button>
      )}
    </div>
  );
}
