// One small component per FHIR data type that needs more than a text.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { resource } from "@/api/record";
import { When } from "@/ui/When";
import { kindName } from "./kinds";
import type { Period, Reference } from "./types";
import { calledBy, dayOf, target } from "./words";

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
  const to = target(value);
  if (!to || !OPENABLE.has(to.type))
    return <>{value.display ?? (to ? `${to.type} ${to.id.slice(0, 8)}` : value.reference)}</>;
  if (!value.display) return <Nameless patient={patient} type={to.type} id={to.id} />;
  return (
    <Link to="/record/$patient/entry/$type/$id" params={{ patient, type: to.type, id: to.id }}>
      {value.display}
    </Link>
  );
}

/** An entry that is pointed at without a word: what kind it is, and as soon as it is read what it says of itself and when. */
function Nameless({ patient, type, id }: { patient: string; type: string; id: string }) {
  const { t } = useTranslation();
  const found = useQuery({ ...resource(patient, type, id), retry: false });
  const kind = kindName(t, type);
  // What the reader may not see, or what is gone, leads nowhere.
  if (found.error) return <>{kind}</>;
  const called = found.data && calledBy(found.data);
  const day = found.data && dayOf(found.data);
  return (
    <Link to="/record/$patient/entry/$type/$id" params={{ patient, type, id }}>
      {called ? `${kind}: ${called}` : kind}
      {day && (
        <>
          {" \u00b7 "}
          <When value={day} />
        </>
      )}
    </Link>
  );
}
