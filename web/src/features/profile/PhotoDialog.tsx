import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { setPhoto } from "@/api/record";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { FileButton } from "@/ui/FileButton";
import { toast } from "@/ui/Toast";
import css from "./Profile.module.css";
import { type Crop, small, squareOf } from "./photo";

const MIDDLE: Crop = { zoom: 1, x: 0.5, y: 0.5 };
const SHOWN = 240;

/** Chooses a picture and the part of it that is kept. It is cropped here: the rest of it never leaves the device. */
export function PhotoDialog({ patient, onClose }: { patient: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [image, setImage] = useState<ImageBitmap | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const [crop, setCrop] = useState(MIDDLE);
  const save = useMutation({
    mutationFn: async () => image && setPhoto(patient, await small(image, crop)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["record", patient] });
      toast(t("profile.photo.saved"));
      onClose();
    },
  });
  const choose = async (file: File) => {
    try {
      setImage(await createImageBitmap(file, { imageOrientation: "from-image" }));
      setCrop(MIDDLE);
      setUnreadable(false);
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <Dialog open title={t("profile.photo.title")} onClose={onClose}>
      <div className="stack">
        <p className="muted">{t("profile.photo.lead")}</p>
        <FileButton accept="image/*" onPick={choose}>
          {t("profile.photo.choose")}
        </FileButton>
        {unreadable && <p role="alert">{t("profile.photo.unreadable")}</p>}
        {image && <Cropper image={image} crop={crop} onCrop={setCrop} />}
        {save.error && <ErrorNote error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" disabled={!image} busy={save.isPending} onClick={() => save.mutate()}>
            {t("common.save")}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

interface CropperProps {
  image: ImageBitmap;
  crop: Crop;
  onCrop: (crop: Crop) => void;
}

/** Three sliders, so that nothing has to be dragged. */
function Cropper({ image, crop, onCrop }: CropperProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = canvas.current?.getContext("2d");
    if (!draw) return;
    const { left, top, side } = squareOf(image.width, image.height, crop);
    draw.clearRect(0, 0, SHOWN, SHOWN);
    draw.drawImage(image, left, top, side, side, 0, 0, SHOWN, SHOWN);
  }, [image, crop]);
  const slider = (name: keyof Crop, min: number, max: number) => (
    <label className={css.slider}>
      {t(`profile.photo.${name}`)}
      <input
        type="range"
        min={min}
        max={max}
        step={0.01}
        value={crop[name]}
        onChange={(event) => onCrop({ ...crop, [name]: Number(event.currentTarget.value) })}
      />
    </label>
  );
  return (
    <div className={css.cropper}>
      <canvas
        ref={canvas}
        width={SHOWN}
        height={SHOWN}
        className={css.preview}
        role="img"
        aria-label={t("profile.photo.preview")}
      />
      {slider("zoom", 1, 4)}
      {slider("x", 0, 1)}
      {slider("y", 0, 1)}
    </div>
  );
}
