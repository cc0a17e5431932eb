import { IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { unfinished } from "@/api/documents";
import { end } from "@/api/tus";
import type { UnfinishedUpload } from "@/api/types";
import { formatBytes } from "@/lib/format";
import { IconButton } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import css from "./Tray.module.css";
import { uploads, watch } from "./uploads";

/** Files that a window which was closed left half sent: chosen again they go on by themselves, or nobody wants them any more. */
export default function Unfinished({ patient }: { patient: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const found = useQuery(unfinished(patient));
  const here = useSyncExternalStore(watch, uploads);
  // What is on its way from this window stands in its list.
  const items = found.data?.filter(({ address }) => !here.some((each) => each.url === address)) ?? [];
  const settled = here.filter((each) => each.state === "done").length * 1_000 + here.length;
  const seen = useRef(settled);
  useEffect(() => {
    // Something came, went or was finished.
    if (seen.current !== settled) client.invalidateQueries({ queryKey: unfinished(patient).queryKey });
    seen.current = settled;
  }, [settled, client, patient]);
  if (items.length === 0) return null;
  return (
    <section className={css.tray} aria-label={t("documents.unfinished.label")}>
      <p className="strong">{t("documents.unfinished.title", { count: items.length })}</p>
      <p className="muted small">{t("documents.unfinished.text")}</p>
      <ul className={css.files}>
        {items.map((item) => (
          <Row key={item.address} item={item} patient={patient} />
        ))}
      </ul>
    </section>
  );
}

function Row({ item: { address, name, received, size }, patient }: { item: UnfinishedUpload; patient: string }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const discard = useMutation({
    mutationFn: () => end(address),
    onSuccess: () => client.invalidateQueries({ queryKey: unfinished(patient).queryKey }),
  });
  return (
    <li className={css.unfinished}>
      <div className={css.words}>
        <p className={css.name}>{name}</p>
        <p className={css.state}>
          {t("documents.unfinished.came", {
            sent: formatBytes(received, i18n.language),
            size: formatBytes(size, i18n.language),
          })}
        </p>
        {discard.error && <ErrorNote error={discard.error} />}
      </div>
      <IconButton
        label={t("documents.unfinished.discard", { name })}
        disabled={discard.isPending}
        onClick={() => discard.mutate()}
      >
        <IconX aria-hidden />
      </IconButton>
    </li>
  );
}
