import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { series } from "@/api/record";
import type { Limit, Series } from "@/api/types";
import { formatDate } from "@/lib/dates";
import { formatNumber, plainUnit, withUnit } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Chart } from "@/ui/Chart";
import { Choice } from "@/ui/Chip";
import { Scroll } from "@/ui/Scroll";
import { Skeleton } from "@/ui/Skeleton";
import { useAddedBy } from "./addedBy";
import css from "./SeriesChart.module.css";
import { companion, DIASTOLIC } from "./vitals";

const RANGES = { "3m": 92, "1y": 366, "5y": 1827, all: null } as const;
type RangeName = keyof typeof RANGES;
const DAY = 86_400_000;
const NOTHING: Series["points"] = [];

/** Readings of one code over time: a drawing, one sentence that says the same, and a table. */
export function SeriesChart({ patient, code }: { patient: string; code: string }) {
  const { t, i18n } = useTranslation();
  const addedBy = useAddedBy(patient);
  const [range, setRange] = useState<RangeName>("all");
  const [table, setTable] = useState(false);
  const other = companion(code);
  const main = useQuery(series(patient, code));
  const pair = useQuery({ ...series(patient, other ?? ""), enabled: other !== null });
  // The upper value is drawn first, whichever of the two was opened.
  const swap = code === DIASTOLIC;
  const first = swap ? pair.data : main.data;
  const second = swap ? main.data : pair.data;

  const days = RANGES[range];
  const since = useMemo(() => (days === null ? null : Date.now() - days * DAY), [days]);
  const lines = useMemo(
    () =>
      [first, second].flatMap((each) =>
        each ? [{ label: each.display, points: each.points, full: new Set(each.byPatient) }] : [],
      ),
    [first, second],
  );
  const byPatient = lines[0]?.full;

  if (main.isPending || (other !== null && pair.isPending)) return <Skeleton rows={1} height={320} />;
  const unit = plainUnit((first ?? second)?.unit ?? undefined);
  const points = (first?.points ?? second?.points ?? NOTHING).filter(([time]) => since === null || time >= since);
  const secondAt = new Map((first && second ? second.points : NOTHING).map(([time, value]) => [time, value]));
  const number = (value: number) => formatNumber(value, i18n.language);
  const reading = ([time, value]: Series["points"][number]) => {
    const lower = secondAt.get(time);
    return withUnit(`${number(value)}${lower === undefined ? "" : `/${number(lower)}`}`, unit);
  };
  const last = points.at(-1);
  const limits = (first ?? second)?.limits?.filter(({ time }) => since === null || time >= since) ?? [];
  const limit = (each: Limit) => withUnit(`${each.comparator} ${number(each.number)}`, unit);
  const rows = [
    ...points.map((point) => ({ time: point[0], id: point[2], text: reading(point) })),
    ...limits.map((each) => ({ time: each.time, id: each.id, text: limit(each) })),
  ].sort((a, b) => b.time - a.time);
  const asTable = table || (!last && limits.length > 0);
  return (
    <Card>
      <div className="spread">
        <Choice
          label={t("charts.range")}
          value={range}
          onChange={setRange}
          options={(Object.keys(RANGES) as RangeName[]).map((value) => ({ value, text: t(`charts.ranges.${value}`) }))}
        />
        {last && (
          <Button kind="quiet" size="small" aria-pressed={table} onClick={() => setTable(!table)}>
            {t(table ? "charts.asChart" : "charts.asTable")}
          </Button>
        )}
      </div>
      <p className={css.sentence}>
        {last
          ? t(lines.length > 1 ? "charts.sentencePair" : "charts.sentence", {
              count: points.length,
              low: number(Math.min(...points.map(([, value]) => value))),
              high: withUnit(number(Math.max(...points.map(([, value]) => value))), unit),
              last: reading(last),
              date: formatDate(new Date(last[0]).toISOString(), i18n.language),
            })
          : limits.length === 0 && t("charts.nothing")}
      </p>
      {limits[0] && <p className="muted">{t("charts.limits", { count: limits.length, limit: limit(limits[0]) })}</p>}
      {asTable ? (
        <ReadingTable rows={rows} patient={patient} byPatient={byPatient} />
      ) : (
        last && (
          <Chart
            lines={lines}
            unit={unit}
            band={lines.length === 1 ? ((first ?? second)?.reference ?? null) : null}
            since={since}
          />
        )
      )}
      {!asTable && points.some((point) => byPatient?.has(point[2])) && (
        <p className={css.reference}>
          <span className={css.dot} aria-hidden />
          {addedBy}
        </p>
      )}
      {lines.length === 1 && <Reference series={first ?? second} unit={unit} />}
    </Card>
  );
}

function Reference({ series: data, unit }: { series: Series | undefined; unit: string }) {
  const { t, i18n } = useTranslation();
  const { low, high } = data?.reference ?? {};
  if (low == null && high == null) return null;
  const text = [low, high].map((each) => (each == null ? "" : formatNumber(each, i18n.language)));
  const words =
    text[0] && text[1] ? `${text[0]} \u2013 ${text[1]}` : text[0] ? `\u2265 ${text[0]}` : `\u2264 ${text[1]}`;
  return (
    <p className={css.reference}>
      <span className={css.swatch} aria-hidden />
      {t("charts.usual", { range: withUnit(words, unit) })}
    </p>
  );
}

interface TableProps {
  /** Newest first. */
  rows: { time: number; id: string; text: string }[];
  patient: string;
  byPatient: ReadonlySet<string> | undefined;
}

function ReadingTable({ rows, patient, byPatient }: TableProps) {
  const { t, i18n } = useTranslation();
  const addedBy = useAddedBy(patient);
  return (
    <Scroll className={css.scroll} label={t("charts.table")}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t("charts.date")}</th>
            <th scope="col">{t("charts.value")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ time, id, text }) => (
            <tr key={`${time} ${id}`}>
              <td>
                <Link to="/record/$patient/entry/$type/$id" params={{ patient, type: "Observation", id }}>
                  {formatDate(new Date(time).toISOString(), i18n.language)}
                </Link>
              </td>
              <td>
                {text}
                {byPatient?.has(id) && <small className={css.own}>{addedBy}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
