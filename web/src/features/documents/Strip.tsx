import { IconArrowLeft, IconArrowRight, IconCrop, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/ui/Button";
import css from "./Camera.module.css";
import type { Photo } from "./photo";
import { Shot } from "./Shot";

interface StripProps {
  photos: Photo[];
  onPhotos: (photos: Photo[]) => void;
  onCrop: (id: number) => void;
  onRetake: (id: number) => void;
}

/** The pages that were taken, in their order. */
export function Strip({ photos, onPhotos, onCrop, onRetake }: StripProps) {
  const { t } = useTranslation();
  const swap = (from: number, to: number) => {
    const next = [...photos];
    const [taken] = next.splice(from, 1);
    if (taken) next.splice(to, 0, taken);
    onPhotos(next);
  };
  return (
    <div className="stack">
      <p role="status" className="strong">
        {t("documents.camera.taken", { count: photos.length })}
      </p>
      <ol className={css.strip} aria-label={t("documents.camera.pages")}>
        {photos.map((photo, i) => {
          const number = i + 1;
          return (
            <li key={photo.id} className={css.taken}>
              <Shot picture={photo.cut} label={t("documents.camera.page", { number })} className={css.small} />
              <div className={css.tools}>
                <IconButton label={t("documents.camera.edit", { number })} onClick={() => onCrop(photo.id)}>
                  <IconCrop aria-hidden />
                </IconButton>
                <IconButton label={t("documents.camera.retake", { number })} onClick={() => onRetake(photo.id)}>
                  <IconRefresh aria-hidden />
                </IconButton>
                <IconButton
                  label={t("documents.camera.remove", { number })}
                  onClick={() => onPhotos(photos.filter((each) => each.id !== photo.id))}
                >
                  <IconTrash aria-hidden />
                </IconButton>
                <IconButton
                  label={t("documents.camera.earlier", { number })}
                  disabled={i === 0}
                  onClick={() => swap(i, i - 1)}
                >
                  <IconArrowLeft aria-hidden />
                </IconButton>
                <IconButton
                  label={t("documents.camera.later", { number })}
                  disabled={i === photos.length - 1}
                  onClick={() => swap(i, i + 1)}
                >
                  <IconArrowRight aria-hidden />
                </IconButton>
              </div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
