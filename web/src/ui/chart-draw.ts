// The drawing itself, loaded only where a chart is shown.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Line } from "./chart-data";

type Band = { low?: number | null; high?: number | null } | null;

export function drawPlot(
  host: HTMLElement,
  data: uPlot.AlignedData,
  lines: Line[],
  band: Band,
  locale: string,
  onMove: (plot: uPlot) => void,
): uPlot {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = "12px system-ui, sans-serif";
  const axis = {
    stroke: colour("--ink-3"),
    font,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  const strokes = [colour("--accent"), colour("--low")];
  return new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      padding: [12, 12, 0, 0],
      scales: { x: { range: padTime }, y: { range: (_, low, high) => padValue(low, high, band) } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 72,
          values: (_, ticks, __, ___, step) => ticks.map((tick) => tickText(tick, step, locale)),
        },
        { ...axis, size: 48, values: (_, ticks) => ticks.map((tick) => tick.toLocaleString(locale)) },
      ],
      series: [
        {},
        ...lines.map((line, i) => ({
          label: line.label,
          stroke: strokes[i] ?? strokes[0],
          width: 2,
          points: { show: line.points.length <= 200, size: 7, fill: colour("--surface"), width: 2 },
        })),
      ],
      hooks: {
        drawClear: [(plot) => shade(plot, band, colour("--accent-soft"))],
        draw: [(plot) => fill(plot, lines, strokes)],
        setCursor: [onMove],
      },
    },
    data,
    host,
  );
}

/** Points that are told apart from the rest: full, where the others are rings. */
function fill(plot: uPlot, lines: Line[], strokes: string[]) {
  plot.ctx.save();
  for (const [i, { points, full }] of lines.entries()) {
    plot.ctx.fillStyle = strokes[i] ?? "";
    for (const [time, value, id] of points) {
      if (!full?.has(id)) continue;
      const [x, y] = [plot.valToPos(time / 1000, "x", true), plot.valToPos(value, "y", true)];
      plot.ctx.beginPath();
      plot.ctx.arc(x, y, 4 * devicePixelRatio, 0, 2 * Math.PI);
      plot.ctx.fill();
    }
  }
  plot.ctx.restore();
}

const DAY = 86_400;

function padTime(_: uPlot, from: number, to: number): uPlot.Range.MinMax {
  const pad = Math.max((to - from) * 0.03, DAY);
  return [from - pad, to + pad];
}

// The reference band is part of the picture as long as it does not squeeze the readings flat.
function padValue(low: number | null, high: number | null, band: Band): uPlot.Range.MinMax {
  let bottom = low ?? 0;
  let top = high ?? 1;
  const span = Math.max(top - bottom, Math.abs(top) * 0.1, 0.1);
  if (band?.low != null && bottom - band.low < span * 1.5) bottom = Math.min(bottom, band.low);
  if (band?.high != null && band.high - top < span * 1.5) top = Math.max(top, band.high);
  const pad = Math.max((top - bottom) * 0.12, span * 0.1);
  return [Math.max(bottom - pad, bottom >= 0 ? 0 : Number.NEGATIVE_INFINITY), top + pad];
}

function tickText(seconds: number, step: number, locale: string): string {
  const date = new Date(seconds * 1000);
  if (step >= 365 * DAY) return String(date.getFullYear());
  if (step >= 28 * DAY) return date.toLocaleDateString(locale, { month: "short", year: "2-digit" });
  return date.toLocaleDateString(locale, { day: "numeric", month: "short" });
}

function shade(plot: uPlot, band: Band, fill: string) {
  if (!band || (band.low == null && band.high == null)) return;
  const { left, top, width, height } = plot.bbox;
  const from = band.high == null ? top : Math.max(top, plot.valToPos(band.high, "y", true));
  const to = band.low == null ? top + height : Math.min(top + height, plot.valToPos(band.low, "y", true));
  if (to <= from) return;
  plot.ctx.save();
  plot.ctx.fillStyle = fill;
  plot.ctx.fillRect(left, from, width, to - from);
  plot.ctx.restore();
}
