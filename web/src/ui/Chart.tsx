import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type uPlot from "uplot";
import { formatDate } from "@/lib/dates";
import { formatNumber, withUnit } from "@/lib/format";
import css from "./Chart.module.css";
import { align, inRange, type Line } from "./chart-data";

interface ChartProps {
  lines: Line[];
  unit: string;
  band: { low?: number | null; high?: number | null } | null;
  /** From when; null shows everything. */
  since: number | null;
}

/** Draws readings over time. The numbers are also given as a table by the page, so the drawing is hidden from screen readers. */
export function Chart({ lines, unit, band, since }: ChartProps) {
  const { i18n } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [readout, setReadout] = useState<string | null>(null);
  const locale = i18n.language;

  useEffect(() => {
    const host = box.current;
    if (!host) return;
    let plot: uPlot | null = null;
    let stopped = false;
    const shown = lines.map((line) => ({ ...line, points: inRange(line.points, since) }));
    const say = (chart: uPlot) => {
      const at = chart.cursor.idx;
      const x = at === null || at === undefined ? undefined : chart.data[0][at];
      if (at === null || at === undefined || x === undefined) return setReadout(null);
      const values = shown.map((_, i) => chart.data[i + 1]?.[at]).filter((y) => y !== null && y !== undefined);
      if (values.length === 0) return setReadout(null);
      const text = values.map((y) => formatNumber(y, locale)).join("/");
      setReadout(`${withUnit(text, unit)} \u00b7 ${formatDate(new Date(x * 1000).toISOString(), locale)}`);
    };
    const draw = async () => {
      const { drawPlot } = await import("./chart-draw");
      if (stopped) return;
      plot?.destroy();
      plot = drawPlot(host, align(shown), shown, band, locale, say);
    };
    draw();
    const resize = new ResizeObserver(() => plot?.setSize({ width: host.clientWidth, height: host.clientHeight }));
    resize.observe(host);
    // The colours come from the page, so a change of scheme draws again.
    const repaint = new MutationObserver(draw);
    repaint.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    return () => {
      stopped = true;
      resize.disconnect();
      repaint.disconnect();
      plot?.destroy();
    };
  }, [lines, unit, band, since, locale]);

  return (
    <figure className={css.figure} aria-hidden="true">
      <p className={css.readout}>{readout ?? "\u00a0"}</p>
      <div ref={box} className={css.plot} />
    </figure>
  );
}
