import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { entriesOf, type OwnKind } from "@/api/profile";
import type { Resource } from "@/api/record";
import type { Summary, SummaryEntry } from "@/api/types";
import { plainTitle } from "@/fhir/words";
import { isoDay } from "@/lib/dates";
import { Banner } from "@/ui/Banner";
import { Button, ButtonLink, IconButton } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { EntryDialog } from "./EntryDialog";
import css from "./Profile.module.css";
import { enteredByPatient, formOf, isCurrent, noAllergies, saysNone } from "./resources";
import { useSaved } from "./useSaved";

type Kind = Exclude<OwnKind, "Coverage">;

/** The summary's sections that hold the clinical entries: LOINC, as in the International Patient Summary. */
const SECTIONS: Record<Kind, string> = {
  AllergyIntolerance: "48765-2",
  Condition: "11450-4",
  MedicationStatement: "10160-0",
};
const CLINICAL_SHOWN = 8;

interface SectionProps {
  kind: Kind;
  patient: string;
  summary: Summary;
  acts: boolean;
}

/** One's own entries, which can be changed, and those of clinics, which can be questioned. */
export function EntrySection({ kind, patient, summary, acts }: SectionProps) {
  const { t } = useTranslation();
  const found = useQuery(entriesOf(patient, kind));
  const { save, remove, replaced, failed } = useSaved(patient);
  const [writing, setWriting] = useState<Resource | "new" | null>(null);
  const [all, setAll] = useState(false);
  const own = (found.data ?? []).filter((item) => enteredByPatient(item) && isCurrent(item));
  const ids = new Set(own.map(({ id }) => id));
  const section = summary.sections.find(({ code }) => code === SECTIONS[kind]);
  // One's own entry that the summary already knows is not another's while it is on its way here.
  const clinical = (section?.entries ?? []).filter(
    (entry) => entry.active !== false && !ids.has(entry.id) && !(entry.own && found.isFetching),
  );
  const empty = own.length === 0 && clinical.length === 0;
  const shown = all ? clinical : clinical.slice(0, CLINICAL_SHOWN);
  return (
    <Section
      title={t(`profile.kind.${kind}.title`)}
      action={
        acts && (
          <Button size="small" icon={<IconPlus size={18} aria-hidden />} onClick={() => setWriting("new")}>
            {t(`profile.kind.${kind}.add`)}
          </Button>
        )
      }
    >
      {found.isPending && <Skeleton rows={2} height={64} />}
      {found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {(remove.error || failed) && <ErrorNote error={remove.error ?? failed} />}
      {found.data && empty && (
        <div className={css.empty}>
          <p>{t(`profile.kind.${kind}.empty`)}</p>
          {acts && kind === "AllergyIntolerance" && (
            <Button busy={save.isPending} onClick={() => save.mutate(noAllergies(patient, isoDay(new Date())))}>
              {t("profile.noneKnown")}
            </Button>
          )}
        </div>
      )}
      {section?.warning && <Banner kind="warn" title={section.warning} />}
      {found.data && !empty && (
        <List label={t(`profile.kind.${kind}.title`)}>
          {own.map((item) => (
            <Own
              key={item.id}
              item={item}
              acts={acts}
              onChange={() => setWriting(item)}
              onRemove={() => remove.mutate(item)}
            />
          ))}
          {shown.map((entry) => (
            <Clinical key={`${entry.type}/${entry.id}`} entry={entry} patient={patient} />
          ))}
        </List>
      )}
      {clinical.length > CLINICAL_SHOWN && (
        <div>
          <Button kind="quiet" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t("common.less") : t("summary.more", { count: clinical.length - CLINICAL_SHOWN })}
          </Button>
        </div>
      )}
      {writing && (
        <EntryDialog
          kind={kind}
          patient={patient}
          old={writing === "new" ? undefined : writing}
          onClose={() => setWriting(null)}
          onSaved={() => {
            setWriting(null);
            // Whoever has an allergy no longer has none, however often that was said.
            const none = own.filter(saysNone);
            if (none.length > 0 && writing === "new") replaced.mutate(none);
          }}
        />
      )}
    </Section>
  );
}

interface OwnProps {
  item: Resource;
  acts: boolean;
  onChange: () => void;
  onRemove: () => void;
}

function Own({ item, acts, onChange, onRemove }: OwnProps) {
  const { t } = useTranslation();
  const { name, note, severe } = formOf(item);
  return (
    <li className={css.row}>
      <span className={css.words}>
        <span>{name}</span>
        {note && <span className="muted small">{note}</span>}
        <span className={css.tags}>
          <Tag tone="accent">{t("timeline.byYou")}</Tag>
          {severe && <Tag tone="high">{t("profile.severe")}</Tag>}
        </span>
      </span>
      {acts && (
        <span className={css.acts}>
          {!saysNone(item) && (
            <IconButton label={t("profile.change", { name })} onClick={onChange}>
              <IconPencil aria-hidden />
            </IconButton>
          )}
          <IconButton label={t("profile.remove", { name })} onClick={onRemove}>
            <IconTrash aria-hidden />
          </IconButton>
        </span>
      )}
    </li>
  );
}

function Clinical({ entry, patient }: { entry: SummaryEntry; patient: string }) {
  const { t } = useTranslation();
  const params = { patient, type: entry.type, id: entry.id };
  return (
    <li className={css.row}>
      <span className={css.words}>
        <Link to="/record/$patient/entry/$type/$id" params={params}>
          {plainTitle(entry.title)}
        </Link>
        {entry.detail && <span className="muted small">{entry.detail}</span>}
      </span>
      <span className={css.acts}>
        <ButtonLink
          kind="quiet"
          size="small"
          to="/record/$patient/entry/$type/$id"
          params={params}
          search={{ wrong: true }}
        >
          {t("correct.open")}
          <span className="visually-hidden">: {plainTitle(entry.title)}</span>
        </ButtonLink>
      </span>
    </li>
  );
}
