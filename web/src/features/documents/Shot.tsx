import { useEffect, useRef } from "react";

/** A picture in memory, drawn as large as it is shown. */
export function Shot({ picture, label, className }: { picture: HTMLCanvasElement; label: string; className?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const to = canvas.current;
    if (!to) return;
    const scale = Math.min(1, 1_000 / Math.max(picture.width, picture.height));
    to.width = Math.round(picture.width * scale);
    to.height = Math.round(picture.height * scale);
    to.getContext("2d")?.drawImage(picture, 0, 0, to.width, to.height);
  }, [picture]);
  return <canvas ref={canvas} role="img" aria-label={label} className={className} />;
}
