// One small component per FHIR data type that needs more than a text.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { When } from "@/ui/When";
import type { Period, Reference } from "./types";
import { target } from "./words";

export function PeriodDisplay({ value }: { value: Period }) {
  const { t } = useTranslation();
  if (value.start && value.end && value.start.slice(0, 10) !== value.end.slice(0, 10)) {
    return (
      <>
        <When value={value.start} /> {"\u2013"} <When value={value.end} />
      </>
    );
  }
  if (value.start) return <When value={value.start} />;
  return value.end ? (
    <>
      {t("resource.until")} <When value={value.end} />
    </>
  ) : null;
}

/** Types that have a page of their own in a record. */
const OPENABLE = new Set([
  "AllergyIntolerance",
  "CarePlan",
  "CareTeam",
  "Claim",
  "Condition",
  "Device",
  "DiagnosticReport",
  "DocumentReference",
  "Encounter",
  "ExplanationOfBenefit",
  "Goal",
  "ImagingStudy",
  "Immunization",
  "MedicationAdministration",
  "MedicationRequest",
  "MedicationStatement",
  "Observation",
  "Procedure",
  "ServiceRequest",
]);

export function ReferenceDisplay({ value, patient }: { value: Reference; patient: string }) {
  const { t } = useTranslation();
  const to = target(value);
  const name =
    value.display ??
    (to && OPENABLE.has(to.type) ? t("resource.open") : to ? `${to.type} ${to.id.slice(0, 8)}` : value.reference);
  if (!to || !OPENABLE.has(to.type)) return <>{name}</>;
  return (
    <Link to="/record/$patient/entry/$type/$id" params={{ patient, type: to.type, id: to.id }}>
      {name}
    </Link>
  );
}
