import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { person } from "@/api/profile";
import { summary } from "@/api/record";
import { Banner } from "@/ui/Banner";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { Contacts } from "./Contacts";
import { EntrySection } from "./EntrySection";
import { Insurance } from "./Insurance";
import { PersonCard } from "./PersonCard";

interface ProfileProps {
  patient: string;
  /** Whether the whole record may be seen, and not a part of it. */
  whole: boolean;
  /** Whether anything may be changed. */
  acts: boolean;
}

/** Everything people keep of themselves in one place: who they are, whom to call, and what anybody who treats them must know. */
export function ProfilePage({ patient, whole, acts }: ProfileProps) {
  const { t } = useTranslation();
  const found = useQuery(person(patient));
  const header = useQuery(summary(patient));
  return (
    <Page title={t("profile.title")} lead={t("profile.lead")}>
      {(found.isPending || header.isPending) && <Skeleton rows={4} height={140} />}
      {found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {header.error && <ErrorNote error={header.error} onRetry={() => header.refetch()} />}
      {found.data && header.data && (
        <div className="stack-loose">
          {!acts && <Banner>{t("profile.looks")}</Banner>}
          <PersonCard patient={found.data} header={header.data.patient} acts={acts} />
          {whole && <Contacts acts={acts} />}
          <EntrySection kind="AllergyIntolerance" patient={patient} summary={header.data} acts={acts} />
          <EntrySection kind="Condition" patient={patient} summary={header.data} acts={acts} />
          <EntrySection kind="MedicationStatement" patient={patient} summary={header.data} acts={acts} />
          <Insurance patient={patient} acts={acts} />
        </div>
      )}
    </Page>
  );
}
