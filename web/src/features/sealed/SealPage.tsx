import "@/lib/vaultWords";
import { IconFile, IconLock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { document, documentContent } from "@/api/documents";
import { sealAndSend } from "@/api/sealing";
import { COMPARTMENTS, type Compartment, type DocumentItem } from "@/api/types";
import { myVault, sealedRecord } from "@/api/vault";
import { isoDay } from "@/lib/dates";
import { ACCEPT, tooLarge } from "@/lib/files";
import { Banner } from "@/ui/Banner";
import { Button, ButtonLink } from "@/ui/Button";
import { Form, SelectField, TextField } from "@/ui/Field";
import { FileButton } from "@/ui/FileButton";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { LOOKED, type Unfit, unfit } from "./kinds";
import { Sees } from "./SetUp";
import { Trouble } from "./Trouble";
import { Unlock } from "./Unlock";
import { useVault } from "./useVault";
import { compartmentName } from "./words";

const TYPES: Record<string, string> = {
  pdf: "application/pdf",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  txt: "text/plain",
};
/** What it is, by its ending: nobody else looks into it. */
const typeOf = (name: string): string =>
  TYPES[name.split(".").pop()?.toLowerCase() ?? ""] ?? "application/octet-stream";

/** What a file is called without its ending. */
const nameOf = (file: File | null): string => file?.name.replace(/\.[^.]*$/, "") ?? "";

/** Seals a file, or a document that is there already. */
export default function SealPage({ patient, replaces }: { patient: string; replaces?: string }) {
  const { t } = useTranslation();
  const mine = useQuery(myVault);
  const vault = useVault();
  const old = useQuery({ ...document(patient, replaces ?? ""), enabled: replaces !== undefined });
  const kept = mine.data?.vault;
  const waits = mine.isPending || (replaces !== undefined && old.isPending);
  return (
    <Page title={t(replaces ? "sealed.sealThis" : "sealed.add")} lead={t("sealed.addLead")} narrow>
      {waits && <Skeleton rows={2} height={120} />}
      {mine.data && !kept && (
        <div>
          <ButtonLink kind="main" to="/account/vault">
            {t("vault.setUp")}
          </ButtonLink>
        </div>
      )}
      {old.error && <Trouble error={old.error} />}
      {kept && !vault && <Unlock vault={kept} />}
      {!waits && vault && <SealForm patient={patient} old={old.data} />}
      <Sees level="h2" />
    </Page>
  );
}

function SealForm({ patient, old }: { patient: string; old?: DocumentItem }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const vault = useVault();
  const record = useQuery(sealedRecord(patient));
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<Unfit | null>(null);
  const [title, setTitle] = useState(old?.title ?? "");
  const [date, setDate] = useState(old?.date ?? "");
  const [tags, setTags] = useState(old?.tags.join(", ") ?? "");
  const [compartment, setCompartment] = useState<Compartment>("general");
  const [sent, setSent] = useState(0);
  const largest = record.data?.maxBytes ?? Number.POSITIVE_INFINITY;
  const over = file !== null && file.size > largest;
  const seal = useMutation({
    mutationFn: async () => {
      if (!vault) return;
      const blob = old ? await documentContent(old.id) : file;
      if (!blob) return;
      const name = old?.fileName ?? file?.name ?? "document";
      const content = new Uint8Array(await blob.arrayBuffer());
      const said = { name, title: title.trim() || name, type: old?.contentType ?? typeOf(name) };
      const list = tags.split(",").flatMap((tag) => tag.trim() || []);
      const more = { ...(date ? { date } : {}), ...(list.length > 0 ? { tags: list } : {}) };
      await sealAndSend(vault, client, patient, { ...said, ...more, content, compartment, replaces: old?.id }, setSent);
    },
    onSuccess: async () => {
      await navigate({ to: "/documents" });
      toast(t("sealed.done"));
      await client.invalidateQueries({ queryKey: ["record", patient] });
    },
  });
  return (
    <Form onSubmit={() => seal.mutate()}>
      {old ? (
        <Banner kind="warn" title={old.title}>
          {t("sealed.replaces")}
          {old.toConfirm > 0 && ` ${t("sealed.unconfirmed", { count: old.toConfirm })}`}
        </Banner>
      ) : (
        <div className="row">
          <FileButton
            accept={ACCEPT}
            icon={<IconFile aria-hidden />}
            onPick={async (picked) => {
              setFault(unfit(picked.name, new Uint8Array(await picked.slice(0, LOOKED).arrayBuffer())));
              setFile(picked);
              // The name of the file chosen before is no name that somebody gave.
              if (title === "" || title === nameOf(file)) setTitle(nameOf(picked));
            }}
          >
            {t("sealed.choose")}
          </FileButton>
          {file && <span>{file.name}</span>}
        </div>
      )}
      {over && <Banner kind="warn">{tooLarge(t, largest, i18n.language)}</Banner>}
      {fault && <Banner kind="warn">{t(`sealed.unfit.${fault}`)}</Banner>}
      <SelectField
        label={t("sealed.compartment")}
        hint={t("sealed.compartmentHint")}
        value={compartment}
        onPick={setCompartment}
        options={COMPARTMENTS.map((value) => ({ value, label: compartmentName(t, value) }))}
      />
      <TextField label={t("documents.name")} value={title} onText={setTitle} maxLength={200} />
      <TextField label={t("documents.date")} type="date" max={isoDay(new Date())} value={date} onText={setDate} />
      <TextField
        label={t("documents.tags")}
        hint={t("documents.tagsHint")}
        value={tags}
        onText={setTags}
        maxLength={300}
      />
      <p className="muted small">{t("sealed.notRead")}</p>
      <Trouble error={seal.error} />
      {seal.isPending && <progress max={1} value={sent} aria-label={t("sealed.sending")} />}
      <Button
        kind="main"
        type="submit"
        icon={<IconLock aria-hidden />}
        busy={seal.isPending}
        disabled={(!old && !file) || over || fault !== null || date > isoDay(new Date())}
      >
        {t("sealed.seal")}
      </Button>
    </Form>
  );
}
