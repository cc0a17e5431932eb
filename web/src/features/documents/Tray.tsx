import "@/lib/paperWords";
import { IconAlertTriangle, IconCircleCheck, IconClock, IconCopy, IconRefresh, IconX } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { documents } from "@/api/documents";
import type { DocumentItem } from "@/api/types";
import { formatBytes } from "@/lib/format";
import { Button, IconButton } from "@/ui/Button";
import css from "./Tray.module.css";
import { cancel, clearDone, isActive, retry, type Upload, uploads, watch } from "./uploads";
import { reasonOf } from "./words";

/** The files on their way: how far each is, what became of it, and a way to stop it or try again. Loaded behind the list, which
 * comes first. */
export default function Tray({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const all = useSyncExternalStore(watch, uploads).filter((each) => each.patient === patient);
  const active = all.filter(isActive).length;
  const done = all.filter((each) => each.state === "done").length;
  // All of them, however the list below is narrowed.
  const list = useInfiniteQuery({ ...documents(patient, {}), enabled: done > 0 });
  const known = list.data?.pages.flatMap((page) => page.items) ?? [];
  // What was not taken stands first, where it is seen.
  const amiss = all.filter(isAmiss);
  // What has become a document stands in the list.
  const client = useQueryClient();
  const seen = useRef(done);
  useEffect(() => {
    if (done > seen.current) client.invalidateQueries({ queryKey: ["record", patient, "documents"] });
    seen.current = done;
  }, [done, client, patient]);
  if (all.length === 0) return null;
  return (
    <section
      className={amiss.length > 0 ? `${css.tray} ${css.amiss}` : css.tray}
      aria-label={t("documents.tray.title")}
    >
      <div className="spread">
        <div role="status">
          <p className="strong">
            {active > 0
              ? t("documents.tray.active", { done, count: all.length })
              : t("documents.tray.over", { done, count: all.length })}
          </p>
          {amiss.length > 0 && <p className={css.bad}>{t("documents.tray.amiss", { count: amiss.length })}</p>}
        </div>
        {active < all.length && (
          <Button kind="quiet" size="small" onClick={clearDone}>
            {t("documents.tray.clear")}
          </Button>
        )}
      </div>
      <ul className={css.files}>
        {[...amiss, ...all.filter((each) => !isAmiss(each))].map((each) => (
          <FileRow key={each.id} upload={each} document={known.find((item) => item.id === each.document)} />
        ))}
      </ul>
    </section>
  );
}

const isAmiss = ({ state }: Upload): boolean => state === "refused" || state === "failed";

function FileRow({ upload, document }: { upload: Upload; document: DocumentItem | undefined }) {
  const { t, i18n } = useTranslation();
  const { id, name, file, sent, state, problem } = upload;
  const active = isActive(upload);
  const same = document?.sameAs ?? null;
  return (
    <li className={css.file}>
      <StateIcon upload={upload} same={same !== null} />
      <div className={css.words}>
        <p className={css.name}>{name}</p>
        <p className={css.state}>
          {state === "refused" || state === "failed"
            ? reasonOf(t, problem, i18n.language)
            : same
              ? t("documents.tray.same")
              : t(`documents.tray.state.${state}`, {
                  sent: formatBytes(sent, i18n.language),
                  size: formatBytes(file.size, i18n.language),
                })}
        </p>
        {active && (
          <progress
            className={css.progress}
            max={file.size}
            value={sent}
            aria-label={t("documents.tray.progress", { name })}
          />
        )}
      </div>
      <span className={css.acts}>
        {same && (
          <Link to="/documents/$id" params={{ id: same }} className={css.link}>
            {t("documents.tray.other")}
          </Link>
        )}
        {state === "failed" && (
          <IconButton label={t("documents.tray.retry", { name })} onClick={() => retry(id)}>
            <IconRefresh aria-hidden />
          </IconButton>
        )}
        {state !== "done" && (
          <IconButton
            label={t(active ? "documents.tray.cancel" : "documents.tray.dismiss", { name })}
            onClick={() => cancel(id)}
          >
            <IconX aria-hidden />
          </IconButton>
        )}
      </span>
    </li>
  );
}

function StateIcon({ upload, same }: { upload: Upload; same: boolean }) {
  const { state } = upload;
  if (same) return <IconCopy className={css.warn} aria-hidden />;
  if (state === "done") return <IconCircleCheck className={css.ok} aria-hidden />;
  if (isAmiss(upload)) return <IconAlertTriangle className={css.bad} aria-hidden />;
  return <IconClock className={css.calm} aria-hidden />;
}
