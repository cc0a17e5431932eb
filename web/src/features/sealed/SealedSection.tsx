import "@/lib/vaultWords";
import { IconLock, IconShieldLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { openNames, type Reader } from "@/api/sealing";
import type { SealedRecord } from "@/api/types";
import { myVault, sealedRecord } from "@/api/vault";
import { formatBytes } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { When } from "@/ui/When";
import Duties from "./Duties";
import css from "./Sealed.module.css";
import { Unlock } from "./Unlock";
import { useVault } from "./useVault";
import { compartmentName } from "./words";

/** The sealed documents of a record: with their names when the vault is open, else only that they are there. */
export default function SealedSection(reader: Reader) {
  const { t } = useTranslation();
  const own = reader.practitioner === null;
  const record = useQuery(sealedRecord(reader.patient));
  const mine = useQuery(myVault);
  const documents = record.data?.documents ?? [];
  if (record.error) return <ErrorNote error={record.error} onRetry={() => record.refetch()} />;
  if (!record.data || (!own && documents.length === 0)) return null;
  const kept = mine.data?.vault;
  return (
    <Section
      title={t("sealed.title")}
      action={
        own &&
        kept && (
          <ButtonLink to="/documents/sealed/new" icon={<IconLock aria-hidden />}>
            {t("sealed.add")}
          </ButtonLink>
        )
      }
    >
      <p className="muted">{t(own ? "sealed.lead" : "sealed.leadReader")}</p>
      {own && <Duties patient={reader.patient} unlock={documents.length === 0} />}
      {mine.data && !kept && (
        <div>
          <ButtonLink to="/account/vault" icon={<IconShieldLock aria-hidden />}>
            {t("vault.setUp")}
          </ButtonLink>
        </div>
      )}
      {documents.length > 0 && <Rows reader={reader} record={record.data} />}
      {kept && documents.length > 0 && <Closed vault={kept} />}
    </Section>
  );
}

function Closed({ vault }: { vault: Parameters<typeof Unlock>[0]["vault"] }) {
  return useVault() ? null : <Unlock vault={vault} />;
}

function Rows({ reader, record }: { reader: Reader; record: SealedRecord }) {
  const { t, i18n } = useTranslation();
  const vault = useVault();
  // The names live here and nowhere else: never in what the page keeps of the server's answers.
  const names = useQuery({
    queryKey: [
      "sealed-names",
      reader.patient,
      vault?.code,
      record.documents.map((item) => item.id + item.detail.slice(-24)),
      record.keys,
    ],
    enabled: vault !== null,
    gcTime: 0,
    queryFn: () => (vault ? openNames(vault, reader, record) : []),
  });
  return (
    <List label={t("sealed.title")}>
      {record.documents.map((item) => {
        const said = vault ? names.data?.find((each) => each.item.id === item.id)?.description : null;
        const title = said?.title ?? t(vault && names.data ? "sealed.noKeyYet" : "sealed.one");
        return (
          <li key={item.id} className={css.row}>
            {said && reader.practitioner === null && (
              <Link to="/documents/sealed/$id" params={{ id: item.id }}>
                {title}
              </Link>
            )}
            {said && reader.practitioner !== null && (
              <Link to="/record/$patient/sealed/$id" params={{ patient: reader.patient, id: item.id }}>
                {title}
              </Link>
            )}
            {!said && <span>{title}</span>}
            <span className="row">
              <Tag>{compartmentName(t, item.compartment)}</Tag>
              <span className="muted small">
                <When value={said?.date ?? item.added} />
                {" \u00b7 "}
                {formatBytes(said?.size ?? item.size, i18n.language)}
              </span>
            </span>
          </li>
        );
      })}
    </List>
  );
}
