import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { grantHistory } from "@/api/consent";
import type { Grant, GrantVersion } from "@/api/types";
import { AgreedTo } from "@/fhir/ConsentWords";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./Sharing.module.css";
import { labelsText, periodText, whatText } from "./scope";

/** What a consent said from its first day on, and who said it. */
export function GrantHistory({ grant }: { grant: Grant }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const versions = useQuery({ ...grantHistory(grant.id), enabled: open });
  return (
    <>
      <div>
        <Button kind="quiet" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("sharing.history")}
        </Button>
      </div>
      {open && versions.isPending && <Skeleton rows={2} height={48} />}
      {open && versions.error && <ErrorNote error={versions.error} onRetry={() => versions.refetch()} />}
      {open && versions.data && (
        <List label={t("sharing.historyOf", { name: grant.grantee.name })}>
          {versions.data.map((version) => (
            <li key={version.version} className={css.version}>
              <Version version={version} />
            </li>
          ))}
        </List>
      )}
      {open && versions.data && versions.data.at(-1)?.act !== "given" && (
        <p className="muted small">{t("sharing.historyEarlier")}</p>
      )}
    </>
  );
}

function Version({ version }: { version: GrantVersion }) {
  const { t, i18n } = useTranslation();
  const { says } = version;
  const parts = [
    whatText(t, says),
    (says.from ?? says.to) ? periodText(t, i18n.language, { from: says.from, to: says.to }) : null,
    says.labels.length > 0 ? labelsText(t, says.labels) : null,
    says.note,
  ];
  return (
    <>
      <div className="spread">
        <span className="strong">
          {t(`grantAct.${version.act}`)}
          {" \u00b7 "}
          {version.by ?? t("sharing.bySystem")}
        </span>
        <span className="muted small">
          <When value={version.time} timed />
        </span>
      </div>
      <p className="muted small">
        {parts.filter(Boolean).join(" \u00b7 ")}
        {" \u00b7 "}
        {t("sharing.ends")} {says.until ? <When value={says.until} timed /> : t("sharing.untilStopped")}
      </p>
      {version.text !== null && <AgreedTo version={version.text} />}
    </>
  );
}
