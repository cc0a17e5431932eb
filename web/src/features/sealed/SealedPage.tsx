import "@/lib/vaultWords";
import { IconDownload, IconExternalLink, IconFileOff, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { openContent, type Reader, redescribe } from "@/api/sealing";
import type { SealedItem, SealedRecord } from "@/api/types";
import { deleteSealed, myVault, sealedRecord } from "@/api/vault";
import { plain } from "@/lib/bytes";
import type { Description } from "@/lib/vault/files";
import { Button } from "@/ui/Button";
import { Fact, Facts } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Confirm } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { Form, TextField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Scroll } from "@/ui/Scroll";
import { Skeleton } from "@/ui/Skeleton";
import { save } from "@/ui/save";
import { When } from "@/ui/When";
import css from "./Sealed.module.css";
import { Trouble } from "./Trouble";
import { Unlock } from "./Unlock";
import { useVault } from "./useVault";
import { compartmentName } from "./words";

/** One sealed document, opened in this page. */
export default function SealedPage({ reader, id }: { reader: Reader; id: string }) {
  const { t } = useTranslation();
  const record = useQuery(sealedRecord(reader.patient));
  const mine = useQuery(myVault);
  const vault = useVault();
  useTitle(t("sealed.one"));
  if (record.isPending || mine.isPending) return <Skeleton rows={2} height={160} />;
  const item = record.data?.documents.find((each) => each.id === id);
  if (!item || !record.data) {
    return (
      <div className="stack">
        <PageHeading>{t("sealed.gone")}</PageHeading>
        <Empty icon={<IconFileOff />} title={t("documents.goneText")} />
      </div>
    );
  }
  if (!vault) {
    return (
      <div className="stack">
        <PageHeading>{t("sealed.one")}</PageHeading>
        {mine.data?.vault && <Unlock vault={mine.data.vault} />}
      </div>
    );
  }
  return <Opened reader={reader} record={record.data} item={item} />;
}

function Opened({ reader, record, item }: { reader: Reader; record: SealedRecord; item: SealedItem }) {
  const { t } = useTranslation();
  const vault = useVault();
  const found = useQuery({
    queryKey: ["sealed-content", item.id, item.detail.slice(-24), vault?.code, record.keys],
    enabled: vault !== null,
    // Opened again it is fetched again, and that is one more line in the ledger; it is kept no longer than it is shown.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: () => {
      if (!vault) throw new Error("closed");
      return openContent(vault, reader, record, item);
    },
  });
  if (found.error) {
    return (
      <div className="stack">
        <PageHeading>{t("sealed.one")}</PageHeading>
        <Trouble error={found.error} />
      </div>
    );
  }
  if (!found.data) return <Skeleton rows={2} height={160} />;
  const { description, content } = found.data;
  return (
    <div className="stack">
      <PageHeading>{description.title}</PageHeading>
      <div className="row">
        <Tag>{compartmentName(t, item.compartment)}</Tag>
        {description.tags?.map((tag) => (
          <Tag key={tag}>{tag}</Tag>
        ))}
      </div>
      <div className="row">
        <Button icon={<IconDownload aria-hidden />} onClick={() => save(description.name, content, description.type)}>
          {t("documents.download")}
        </Button>
        {record.mayChange && <Acts reader={reader} record={record} item={item} description={description} />}
      </div>
      <Show description={description} content={content} />
      <Facts>
        <Fact label={t("documents.file")}>{description.name}</Fact>
        {description.date && (
          <Fact label={t("documents.date")}>
            <When value={description.date} />
          </Fact>
        )}
        <Fact label={t("sealed.sealedOn")}>
          <When value={item.added} />
        </Fact>
      </Facts>
    </div>
  );
}

const PICTURES = ["image/jpeg", "image/png"];

/** Pictures and text in the page, a PDF in a page of its own by the browser's viewer; anything else is downloaded. */
function Show({ description, content }: { description: Description; content: Uint8Array<ArrayBuffer> }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState<string>();
  const { type } = description;
  const pdf = type === "application/pdf";
  useEffect(() => {
    // Only these types: a page that somebody wrote would act in the name of this one.
    if (!PICTURES.includes(type) && type !== "application/pdf") return;
    const made = URL.createObjectURL(new Blob([content], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content, type]);
  if (type === "text/plain") {
    return (
      <Scroll label={t("documents.content")} className={css.text}>
        {plain(content)}
      </Scroll>
    );
  }
  if (url && pdf) {
    return (
      <>
        <p>
          <a href={url} target="_blank" rel="noopener">
            <IconExternalLink size={18} aria-hidden /> {t("sealed.openPdf")}
          </a>
        </p>
        <p className="muted">{t("sealed.unchecked")}</p>
      </>
    );
  }
  if (url) return <img className={css.picture} src={url} alt={description.title} />;
  return (
    <>
      <p className="muted">{t("sealed.onlyDownload")}</p>
      <p className="muted">{t("sealed.unchecked")}</p>
    </>
  );
}

function Acts({
  reader,
  record,
  item,
  description,
}: {
  reader: Reader;
  record: SealedRecord;
  item: SealedItem;
  description: Description;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const vault = useVault();
  const [asking, setAsking] = useState<"delete" | "rename" | null>(null);
  const [title, setTitle] = useState(description.title);
  const renew = () => client.invalidateQueries({ queryKey: sealedRecord(reader.patient).queryKey });
  const remove = useMutation({
    mutationFn: () => deleteSealed(item.id),
    onSuccess: async () => {
      await navigate({ to: "/documents" });
      await renew();
    },
  });
  const rename = useMutation({
    mutationFn: async () => {
      if (vault) await redescribe(vault, reader, record, item, { title: title.trim() });
    },
    onSuccess: async () => {
      await renew();
      setAsking(null);
    },
  });
  if (asking === "rename") {
    return (
      <Form onSubmit={() => rename.mutate()}>
        <TextField label={t("documents.name")} value={title} onText={setTitle} required />
        <Trouble error={rename.error} />
        <div className="row">
          <Button onClick={() => setAsking(null)}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" busy={rename.isPending} disabled={title.trim() === ""}>
            {t("common.save")}
          </Button>
        </div>
      </Form>
    );
  }
  return (
    <>
      <Button onClick={() => setAsking("rename")}>{t("sealed.rename")}</Button>
      <Button kind="danger" icon={<IconTrash aria-hidden />} onClick={() => setAsking("delete")}>
        {t("documents.delete")}
      </Button>
      <Confirm
        open={asking === "delete"}
        title={t("sealed.deleteTitle")}
        confirm={t("documents.delete")}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(null)}
      >
        <p>{t("sealed.deleteText")}</p>
        <Trouble error={remove.error} />
      </Confirm>
    </>
  );
}
