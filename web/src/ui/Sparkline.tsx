import css from "./Sparkline.module.css";

/** The shape of the last readings. Decoration: the number beside it carries the meaning. */
export function Sparkline({ points }: { points: [number, number][] }) {
  if (points.length < 2) return <span className={css.none} aria-hidden />;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const scale = (value: number, all: number[], size: number) => {
    const low = Math.min(...all);
    const span = Math.max(...all) - low;
    return span === 0 ? size / 2 : ((value - low) / span) * size;
  };
  const path = points
    .map(
      ([x, y], i) => `${i === 0 ? "M" : "L"}${(3 + scale(x, xs, 94)).toFixed(1)} ${(29 - scale(y, ys, 26)).toFixed(1)}`,
    )
    .join("");
  const [lastX, lastY] = points[points.length - 1] ?? [0, 0];
  return (
    <svg className={css.line} viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path d={path} vectorEffect="non-scaling-stroke" />
      <path
        className={css.last}
        d={`M${3 + scale(lastX, xs, 94)} ${29 - scale(lastY, ys, 26)}h0.01`}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
