import { IconCheck, IconPencil } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { changeDocument, document, documentKinds } from "@/api/documents";
import type { DocumentChange, DocumentItem } from "@/api/types";
import { formatDate } from "@/lib/dates";
import { formatBytes } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, SelectField, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./DocumentPage.module.css";
import { tagsIn, typeName } from "./words";

/** What is known of a document. Whoever may change it can, and takes with one tap what was read from it. */
export function Details({ item }: { item: DocumentItem }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  return (
    <Section
      title={t("documents.details")}
      action={
        item.mayChange &&
        !item.deletedAt &&
        !editing && (
          <Button kind="quiet" size="small" icon={<IconPencil aria-hidden />} onClick={() => setEditing(true)}>
            {t("documents.edit")}
          </Button>
        )
      }
    >
      <div className={css.details}>
        <Card>{editing ? <Editor item={item} onDone={() => setEditing(false)} /> : <Known item={item} />}</Card>
      </div>
    </Section>
  );
}

function useChange(item: DocumentItem) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: DocumentChange) => changeDocument(item.id, change),
    onSuccess: (fresh) => {
      client.setQueryData(document(item.patient, item.id).queryKey, fresh);
      return client.invalidateQueries({ queryKey: ["record", item.patient, "documents"] });
    },
  });
}

function Known({ item }: { item: DocumentItem }) {
  const { t, i18n } = useTranslation();
  const change = useChange(item);
  const found = item.mayChange && !item.deletedAt ? item.suggestions : null;
  const day = found?.date;
  const offer = (text: string, taken: DocumentChange): ReactNode => (
    <span className={css.suggestion}>
      {t("documents.suggested", { text })}
      <Button
        kind="quiet"
        size="small"
        icon={<IconCheck aria-hidden />}
        busy={change.isPending}
        onClick={() => change.mutate(taken)}
      >
        {t("documents.take")}
        <span className="visually-hidden"> {text}</span>
      </Button>
    </span>
  );
  return (
    <>
      <Facts>
        {found?.title && found.title !== item.title && (
          <Fact label={t("documents.name")}>
            {item.title}
            {offer(found.title, { title: found.title })}
          </Fact>
        )}
        <Fact label={t("documents.kind")}>
          {item.kind?.display ?? <span className="muted">{t("documents.unknown")}</span>}
          {found?.kind && found.kind.code !== item.kind?.code && offer(found.kind.display, { kind: found.kind.code })}
        </Fact>
        <Fact label={t("documents.date")}>
          {item.date ? <When value={item.date} /> : <span className="muted">{t("documents.unknown")}</span>}
          {day && day !== item.date && offer(formatDate(day, i18n.language), { date: day })}
        </Fact>
        <Fact label={t("documents.organization")}>
          {item.organization ?? <span className="muted">{t("documents.unknown")}</span>}
          {found?.organization &&
            found.organization !== item.organization &&
            offer(found.organization, { organization: found.organization })}
        </Fact>
        <Fact label={t("documents.tags")}>
          {item.tags.length > 0 ? (
            <span className={css.tags}>
              {item.tags.map((tag) => (
                <Tag key={tag}>{tag}</Tag>
              ))}
            </span>
          ) : (
            <span className="muted">{t("documents.none")}</span>
          )}
        </Fact>
        <Fact label={t("documents.file")}>
          {item.fileName}
          <br />
          <span className="muted small">
            {typeName(t, item.contentType)}, {formatBytes(item.size, i18n.language)}
            {item.pages ? `, ${t("documents.pageCount", { count: item.pages })}` : ""}
          </span>
        </Fact>
        <Fact label={t("documents.added")}>
          <When value={item.addedAt} />
          {item.author && <span className="muted">, {item.author}</span>}
        </Fact>
      </Facts>
      {change.error && <ErrorNote error={change.error} />}
    </>
  );
}

function Editor({ item: now, onDone }: { item: DocumentItem; onDone: () => void }) {
  const { t } = useTranslation();
  // As it was when the form was opened: what somebody else changed meanwhile stays.
  const [item] = useState(now);
  const kinds = useQuery(documentKinds);
  const change = useChange(item);
  const [title, setTitle] = useState(item.title);
  const [kind, setKind] = useState(item.kind?.code ?? "");
  const [date, setDate] = useState(item.date ?? "");
  const [organization, setOrganization] = useState(item.organization ?? "");
  const [tags, setTags] = useState(item.tags.join(", "));
  const problem = change.error instanceof Problem ? change.error : null;
  const known = kinds.data ?? [];
  // A kind that came with the document need not be among those that are offered.
  const own = item.kind && !known.some(({ code }) => code === item.kind?.code) ? [item.kind] : [];
  const submit = () =>
    change.mutate(
      {
        ...(title.trim() !== item.title ? { title: title.trim() } : {}),
        ...(kind !== (item.kind?.code ?? "") ? { kind: kind || null } : {}),
        ...(date !== (item.date ?? "") ? { date: date || null } : {}),
        ...(organization.trim() !== (item.organization ?? "") ? { organization: organization.trim() || null } : {}),
        ...(tags !== item.tags.join(", ") ? { tags: tagsIn(tags) } : {}),
      },
      {
        onSuccess: () => {
          toast(t("documents.saved"));
          onDone();
        },
      },
    );
  return (
    <Form onSubmit={submit}>
      <TextField
        label={t("documents.name")}
        value={title}
        required
        maxLength={200}
        error={problem?.issue("title")}
        onText={setTitle}
      />
      <SelectField
        label={t("documents.kind")}
        value={kind}
        options={[
          { value: "", label: t("documents.unknown") },
          ...[...own, ...known].map(({ code, display }) => ({ value: code, label: display })),
        ]}
        error={problem?.issue("kind")}
        onPick={setKind}
      />
      <TextField label={t("documents.date")} type="date" value={date} error={problem?.issue("date")} onText={setDate} />
      <TextField
        label={t("documents.organization")}
        value={organization}
        maxLength={200}
        error={problem?.issue("organization")}
        onText={setOrganization}
      />
      <TextField
        label={t("documents.tags")}
        hint={t("documents.tagsHint")}
        value={tags}
        error={problem?.issue("tags")}
        onText={setTags}
      />
      {change.error && <ErrorNote error={change.error} />}
      <div className="row">
        <Button type="submit" kind="main" busy={change.isPending} disabled={title.trim() === ""}>
          {t("common.save")}
        </Button>
        <Button onClick={onDone}>{t("common.cancel")}</Button>
      </div>
    </Form>
  );
}
