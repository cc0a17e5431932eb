import { IconChartLine } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { seriesList } from "@/api/record";
import { Flag } from "@/fhir/Flag";
import { formatNumber, plainUnit } from "@/lib/format";
import { List } from "@/ui/Card";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { SearchField } from "@/ui/Field";
import { PageHeading, Section, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { Sparkline } from "@/ui/Sparkline";
import { When } from "@/ui/When";
import css from "./ChartsPage.module.css";
import { useEmptyWords } from "./useEmptyWords";
import { tileName } from "./VitalTiles";
import { type Tile, tiles } from "./vitals";

/** Everything that was measured more than once or may be: vital signs first, then laboratory values. */
export function ChartsPage({ patient }: { patient: string }) {
  const { t } = useTranslation();
  useTitle(t("record.charts"));
  const [search, setSearch] = useState("");
  const list = useQuery(seriesList(patient));
  const wanted = search.trim().toLowerCase();
  const all = tiles(list.data ?? []);
  const nothing = (category: "vital" | "result") =>
    list.data?.every(({ category: each }) => each !== category) ?? false;
  const words = {
    vital: useEmptyWords(patient, "vital", nothing("vital")),
    result: useEmptyWords(patient, "result", nothing("result")),
  };
  const unseen = words.vital !== undefined || words.result !== undefined;
  const found = all.filter((tile) => tileName(tile, t("vitals.bloodPressure")).toLowerCase().includes(wanted));
  return (
    <div className="stack-loose">
      <PageHeading>{t("record.charts")}</PageHeading>
      {list.isPending && <Skeleton rows={6} />}
      {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.data && all.length === 0 && !unseen && (
        <Empty icon={<IconChartLine />} title={t("charts.empty")}>
          {t("charts.emptyText")}
        </Empty>
      )}
      {all.length > 8 && <SearchField label={t("charts.search")} value={search} onText={setSearch} />}
      {(["vital", "result"] as const).map((category) => {
        if (words[category]) {
          return (
            <Section key={category} title={t(`category.${category}`)}>
              <p className="muted">{words[category]}</p>
            </Section>
          );
        }
        const part = found.filter((tile) => tile.head.category === category);
        if (part.length === 0) return null;
        return (
          <Section key={category} title={t(`category.${category}`)}>
            <List>
              {part.map((tile) => (
                <li key={tile.head.code}>
                  <ChartRow tile={tile} patient={patient} />
                </li>
              ))}
            </List>
          </Section>
        );
      })}
      {all.length > 0 && found.length === 0 && <p className="muted">{t("charts.noMatch")}</p>}
    </div>
  );
}

function ChartRow({ tile, patient }: { tile: Tile; patient: string }) {
  const { t, i18n } = useTranslation();
  const { head, second } = tile;
  const number = (value: number) => formatNumber(value, i18n.language);
  return (
    <Link to="/record/$patient/charts/$code" params={{ patient, code: head.code }} className={css.row}>
      <span className={css.words}>
        <span>{tileName(tile, t("vitals.bloodPressure"))}</span>
        <span className="muted small">
          {t("charts.readings", { count: head.count })} {"\u00b7"} <When value={head.latest.date} relative />
        </span>
      </span>
      <span className={css.spark}>
        <Sparkline points={head.spark} />
      </span>
      <span className={css.end}>
        <span className={css.value}>
          {head.latest.comparator && `${head.latest.comparator} `}
          {number(head.latest.number)}
          {second && `/${number(second.latest.number)}`}
          <small> {plainUnit(head.unit ?? undefined)}</small>
        </span>
        <Flag flag={head.latest.flag ?? second?.latest.flag} />
      </span>
    </Link>
  );
}
