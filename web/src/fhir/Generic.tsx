import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Resource } from "@/api/record";
import { Fact, Facts } from "@/ui/Card";
import { When } from "@/ui/When";
import { ReferenceDisplay } from "./Displays";
import css from "./Generic.module.css";
import type { CodeableConcept, Quantity, Reference } from "./types";
import { concept, quantity, sentence } from "./words";

const SKIPPED = new Set([
  "resourceType",
  "id",
  "meta",
  "text",
  "contained",
  "extension",
  "modifierExtension",
  "implicitRules",
  "language",
]);

/** Any resource, element by element, for the types without a view of their own. Nothing is left out but technical fields. */
export function Generic({ resource, patient }: { resource: Resource; patient: string }) {
  const elements = Object.entries(resource).filter(([name]) => !SKIPPED.has(name));
  return (
    <Facts>
      {elements.map(([name, value]) => (
        <Fact key={name} label={sentence(name)}>
          <Value value={value} patient={patient} />
        </Fact>
      ))}
    </Facts>
  );
}

function Value({ value, patient }: { value: unknown; patient: string }): ReactNode {
  const { t, i18n } = useTranslation();
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? t("common.yes") : t("common.no");
  if (typeof value === "string")
    return /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) ? <When value={value} timed={value.includes("T")} /> : value;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) {
    if (value.length === 1) return <Value value={value[0]} patient={patient} />;
    return (
      <ul className={css.list}>
        {value.map((each, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: elements of a FHIR list have no identity and never move.
          <li key={i}>
            <Value value={each} patient={patient} />
          </li>
        ))}
      </ul>
    );
  }
  const item = value as Record<string, unknown>;
  if (typeof item.reference === "string" || (typeof item.display === "string" && Object.keys(item).length === 1)) {
    return <ReferenceDisplay value={item as Reference} patient={patient} />;
  }
  if (Array.isArray(item.coding)) return concept(item as CodeableConcept);
  if (typeof item.system === "string" && typeof item.code === "string" && item.value === undefined)
    return String(item.display ?? item.code);
  if (typeof item.value === "number" && (item.unit || item.code || item.currency)) {
    return item.currency
      ? item.value.toLocaleString(i18n.language, { style: "currency", currency: String(item.currency) })
      : quantity(item as Quantity, i18n.language);
  }
  return (
    <dl className={css.inner}>
      {Object.entries(item).map(([name, inner]) => (
        <div key={name}>
          <dt>{sentence(name)}</dt>
          <dd>
            <Value value={inner} patient={patient} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
