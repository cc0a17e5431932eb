import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { versions } from "@/api/record";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { Scroll } from "@/ui/Scroll";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./EntryPage.module.css";
import { SignedBy } from "./SignedBy";

/** Every version that was ever kept. Read only when asked for, because reading them is logged. */
export function Versions({ patient, type, id }: { patient: string; type: string; id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const list = useQuery({ ...versions(patient, type, id), enabled: open });
  return (
    <Section
      title={t("entry.versions")}
      action={
        <Button kind="quiet" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "entry.hideVersions" : "entry.showVersions")}
        </Button>
      }
    >
      {open && list.isPending && <Skeleton rows={1} height={52} />}
      {open && list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {open && <SignedBy patient={patient} type={type} id={id} />}
      {open && list.data && (
        <List label={t("entry.versions")}>
          {list.data.map((version) => {
            const number = version.meta?.versionId ?? "";
            return (
              <li key={number} className={css.version}>
                <div className="spread">
                  <span>
                    {t("entry.version", { number })}{" "}
                    <span className="muted">
                      {version.meta?.lastUpdated && <When value={version.meta.lastUpdated} />}
                    </span>
                  </span>
                  <Button
                    kind="quiet"
                    size="small"
                    aria-expanded={shown === number}
                    onClick={() => setShown(shown === number ? null : number)}
                  >
                    {t(shown === number ? "entry.hideRaw" : "entry.showRaw")}
                    <span className="visually-hidden"> {t("entry.version", { number })}</span>
                  </Button>
                </div>
                {shown === number && (
                  <Scroll className={css.raw} label={t("entry.raw")}>
                    <pre>{JSON.stringify(version, null, 2)}</pre>
                  </Scroll>
                )}
              </li>
            );
          })}
        </List>
      )}
    </Section>
  );
}
