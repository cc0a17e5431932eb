import { IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { timelineForPaper } from "@/api/record";
import type { PatientHeader } from "@/api/types";
import { Flag } from "@/fhir/Flag";
import { GroupHead } from "@/fhir/GroupHead";
import { plainTitle } from "@/fhir/words";
import { isoDay } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { TextField } from "@/ui/Field";
import { PageHeading, useTitle } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { BackLink } from "../BackLink";
import { joinGroups, keyOf } from "./layout";
import css from "./Print.module.css";
import { filterOf, type TimelineSearch } from "./search";

interface PrintProps {
  header: PatientHeader;
  own: boolean;
  search: TimelineSearch;
  onSearch: (search: TimelineSearch) => void;
}

/** The chosen part of the history, whole, as it goes onto paper. */
export function PrintPage({ header, own, search, onSearch }: PrintProps) {
  const { t } = useTranslation();
  useTitle(t("print.title", { name: header.name }));
  const { category, label, from, to, abnormal, by, q } = search;
  const filter = useMemo(
    () => filterOf({ category, label, from, to, abnormal, by, q }),
    [category, label, from, to, abnormal, by, q],
  );
  const found = useQuery(timelineForPaper(header.id, filter));
  const groups = useMemo(() => joinGroups(found.data?.groups ?? []), [found.data]);
  const count = groups.reduce((sum, group) => sum + group.entries.length, 0);
  return (
    <div className="stack-loose">
      <div className={css.tools}>
        <BackLink to="/record/$patient/timeline" params={{ patient: header.id }} search={search}>
          {t("record.timeline")}
        </BackLink>
        <div className="two">
          <TextField
            label={t("timeline.from")}
            type="date"
            value={from ?? ""}
            max={to}
            onText={(day) => onSearch({ ...search, from: day || undefined })}
          />
          <TextField
            label={t("timeline.to")}
            type="date"
            value={to ?? ""}
            min={from}
            onText={(day) => onSearch({ ...search, to: day || undefined })}
          />
        </div>
        <div>
          <Button kind="main" icon={<IconPrinter aria-hidden />} disabled={!found.data} onClick={() => window.print()}>
            {t("document.print")}
          </Button>
        </div>
        {found.data?.cut && <Banner kind="warn">{t("print.cut", { count })}</Banner>}
      </div>
      <article className={css.paper} aria-busy={found.isFetching}>
        <header className={css.head}>
          <PageHeading>{t("print.title", { name: header.name })}</PageHeading>
          <p>
            {header.birthDate && (
              <>
                {t("record.born")} <When value={header.birthDate} />
                {" \u00b7 "}
              </>
            )}
            {t("print.on")} <When value={isoDay(new Date())} />
            {" \u00b7 "}
            {t("timeline.total", { count })}
          </p>
          <Conditions search={search} own={own} />
        </header>
        {found.isPending && <Skeleton rows={8} height={44} />}
        {found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
        {found.data && groups.length === 0 && <p>{t("timeline.noMatch")}</p>}
        {groups.map((group) => (
          <section key={`${keyOf(group)} ${group.entries[0]?.id}`} className={css.group}>
            <GroupHead group={group} />
            <ul>
              {group.entries.map((entry) => (
                <li key={`${entry.type}/${entry.id}`} className={css.entry}>
                  <span>
                    {plainTitle(entry.title)}
                    {entry.detail && <small>{entry.detail}</small>}
                    {entry.own && <small>{t(own ? "timeline.byYou" : "timeline.byPatient")}</small>}
                  </span>
                  <span className={css.value}>
                    {entry.value?.text} <Flag flag={entry.value?.flag} />
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {found.data?.cut && <p className="strong">{t("print.cut", { count })}</p>}
      </article>
    </div>
  );
}

/** What was left out of what is printed must stand on the paper. */
function Conditions({ search, own }: { search: TimelineSearch; own: boolean }) {
  const { t } = useTranslation();
  const said = [
    search.category?.map((each) => t(`category.${each}`)).join(", "),
    search.label?.map((each) => t(`label.${each}`)).join(", "),
    search.abnormal && t("timeline.onlyUnusual"),
    search.by &&
      (search.by === "patient" ? t(own ? "timeline.byYou" : "timeline.byPatient") : t("timeline.chosenSource")),
    search.q && `\u201c${search.q}\u201d`,
    search.from && `${t("timeline.from")} ${search.from}`,
    search.to && `${t("timeline.to")} ${search.to}`,
  ].filter(Boolean);
  return <p>{said.length > 0 ? t("print.only", { what: said.join("; ") }) : t("print.everything")}</p>;
}
