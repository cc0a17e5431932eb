import { IconMaximize, IconRotateClockwise, IconScan } from "@tabler/icons-react";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import css from "./Camera.module.css";
import { isConvex, moved, type Point, WHOLE } from "./corners";
import { cutBy, type Photo, propose, turn } from "./photo";
import { Shot } from "./Shot";

interface CropProps {
  photo: Photo;
  number: number;
  onDone: (photo: Photo) => void;
  onCancel: () => void;
}

const STEP = 0.01;
const WAYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Cuts the paper out of a photograph by its four corners: dragged, or moved by the arrow keys. */
export function Crop({ photo, number, onDone, onCancel }: CropProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(photo);
  const [corners, setCorners] = useState(photo.corners);
  const [lost, setLost] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const move = (at: number, x: number, y: number) =>
    setCorners((now) => {
      const next = moved(now, at, x, y);
      return isConvex(next) ? next : now;
    });
  const drag = (at: number) => (event: PointerEvent<HTMLButtonElement>) => {
    const frame = box.current?.getBoundingClientRect();
    if (!frame || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    move(at, (event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height);
  };
  const onKey = (at: number, corner: Point) => (event: KeyboardEvent) => {
    const step = event.shiftKey ? STEP * 5 : STEP;
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    move(at, corner.x + way[0] * step, corner.y + way[1] * step);
  };
  const shape = corners.map(({ x, y }) => `${x * 100},${y * 100}`).join(" ");
  return (
    <div className="stack">
      <p>
        {t("documents.camera.crop.title", { number })} <span className="muted">{t("documents.camera.crop.keys")}</span>
      </p>
      <div ref={box} className={css.crop}>
        <Shot picture={draft.picture} label={t("documents.camera.page", { number })} className={css.whole} />
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <polygon points={shape} vectorEffect="non-scaling-stroke" />
        </svg>
        {corners.map((corner, at) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: there are four corners, each with its place.
            key={at}
            type="button"
            className={css.corner}
            aria-label={t(`documents.camera.crop.corner.${at as 0 | 1 | 2 | 3}`)}
            style={{ left: `${corner.x * 100}%`, top: `${corner.y * 100}%` }}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag(at)}
            onKeyDown={onKey(at, corner)}
          />
        ))}
      </div>
      {lost && <p role="status">{t("documents.camera.crop.notFound")}</p>}
      <div className="row">
        <Button
          size="small"
          icon={<IconScan aria-hidden />}
          onClick={() => {
            const found = propose(draft.picture);
            setLost(found === null);
            if (found) setCorners(found);
          }}
        >
          {t("documents.camera.crop.find")}
        </Button>
        <Button size="small" icon={<IconMaximize aria-hidden />} onClick={() => setCorners(WHOLE)}>
          {t("documents.camera.crop.whole")}
        </Button>
        <Button
          size="small"
          icon={<IconRotateClockwise aria-hidden />}
          onClick={() => {
            const next = turn({ ...draft, corners });
            setDraft(next);
            setCorners(next.corners);
          }}
        >
          {t("documents.camera.crop.turn")}
        </Button>
      </div>
      <div className="row">
        <Button kind="main" onClick={() => onDone(cutBy(draft, corners))}>
          {t("documents.camera.crop.done")}
        </Button>
        <Button onClick={onCancel}>{t("common.cancel")}</Button>
      </div>
    </div>
  );
}
