import { useTranslation } from "react-i18next";
import { formatExact } from "@/lib/dates";
import { Narrative } from "./Narrative";
import css from "./SummaryDocument.module.css";

interface Coding {
  code?: string;
}

interface Section {
  title?: string;
  code?: { coding?: Coding[] };
  text?: { div?: string };
  entry?: unknown[];
}

interface Resource {
  resourceType: string;
  name?: { text?: string; given?: string[]; family?: string }[];
  birthDate?: string;
  gender?: string;
  date?: string;
  section?: Section[];
}

export interface DocumentBundle {
  resourceType: "Bundle";
  entry: { resource: Resource }[];
}

export const isDocument = (value: unknown): value is DocumentBundle => {
  const bundle = value as DocumentBundle;
  return bundle?.resourceType === "Bundle" && bundle.entry?.[0]?.resource?.resourceType === "Composition";
};

/** What a stranger at the bedside asks first. */
const FIRST = ["48765-2", "11450-4", "10160-0"];

const codeOf = (section: Section) => section.code?.coding?.[0]?.code ?? "";
const rank = (section: Section) => {
  const at = FIRST.indexOf(codeOf(section));
  return at < 0 ? FIRST.length : at;
};

function nameOf(patient: Resource | undefined): string {
  const name = patient?.name?.[0];
  return name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(" ");
}

/** A patient summary as a clinician reads it, in 18 pt: who, then what is dangerous not to know, then the rest. */
export function SummaryDocument({ bundle }: { bundle: DocumentBundle }) {
  const { t, i18n } = useTranslation();
  const composition = bundle.entry[0]?.resource;
  const patient = bundle.entry.find(({ resource }) => resource.resourceType === "Patient")?.resource;
  const sections = [...(composition?.section ?? [])].sort((a, b) => rank(a) - rank(b));
  const gender = patient?.gender;
  return (
    <article className={css.document}>
      <header className={css.head}>
        <h1>{nameOf(patient)}</h1>
        <p>
          {patient?.birthDate && t("document.born", { date: patient.birthDate })}
          {gender && ` \u00b7 ${t(`gender.${gender}`, { defaultValue: gender })}`}
        </p>
        {composition?.date && (
          <p className={css.made}>{t("document.made", { time: formatExact(composition.date, i18n.language) })}</p>
        )}
      </header>
      {sections.map((section) => (
        <section key={codeOf(section)} className={codeOf(section) === FIRST[0] ? css.alert : css.section}>
          <h2>{section.title}</h2>
          <div className={css.words}>{section.text?.div && <Narrative div={section.text.div} />}</div>
        </section>
      ))}
      <p className={css.foot}>{t("document.foot")}</p>
    </article>
  );
}
