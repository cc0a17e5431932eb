import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { seriesList } from "@/api/record";
import { Flag } from "@/fhir/Flag";
import { formatNumber, plainUnit } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { Skeleton } from "@/ui/Skeleton";
import { Sparkline } from "@/ui/Sparkline";
import { When } from "@/ui/When";
import { useEmptyWords } from "./useEmptyWords";
import css from "./VitalTiles.module.css";
import { type Tile, tiles } from "./vitals";

/** The latest readings at a glance: number, unit, a word when it is out of range, the shape of the past. */
export function VitalTiles({ patient, most }: { patient: string; most: number }) {
  const { t } = useTranslation();
  const list = useQuery(seriesList(patient));
  const shown = tiles(list.data ?? [])
    .filter(({ head }) => head.category === "vital")
    .slice(0, most);
  const none = useEmptyWords(patient, "vital", list.data !== undefined && shown.length === 0);
  if (list.isPending) return <Skeleton rows={1} height={148} />;
  if (!list.data) return <ErrorNote error={list.error} onRetry={() => list.refetch()} />;
  if (shown.length === 0) return <p className={css.none}>{none ?? t("vitals.none")}</p>;
  return (
    <ul className={css.tiles} aria-label={t("vitals.title")}>
      {shown.map((tile) => (
        <li key={tile.head.code}>
          <VitalTile tile={tile} patient={patient} />
        </li>
      ))}
    </ul>
  );
}

export function tileName(tile: Tile, pressure: string): string {
  return tile.second ? pressure : tile.head.display;
}

function VitalTile({ tile, patient }: { tile: Tile; patient: string }) {
  const { t, i18n } = useTranslation();
  const { head, second } = tile;
  const number = (value: number) => formatNumber(value, i18n.language);
  return (
    <Link to="/record/$patient/charts/$code" params={{ patient, code: head.code }} className={css.tile}>
      <span className={css.name}>{tileName(tile, t("vitals.bloodPressure"))}</span>
      <span className={css.reading}>
        {head.latest.comparator && `${head.latest.comparator} `}
        {number(head.latest.number)}
        {second && `/${number(second.latest.number)}`}
        <small> {plainUnit(head.unit ?? undefined)}</small>
      </span>
      <Sparkline points={head.spark} />
      <span className={css.foot}>
        <When value={head.latest.date} relative />
        <Flag flag={head.latest.flag ?? second?.latest.flag} />
      </span>
    </Link>
  );
}
