import { IconPencilPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MyPatient, PatientHeader } from "@/api/types";
import { PatientPhoto } from "@/fhir/PatientPhoto";
import { readsFor } from "@/lib/purpose";
import { ButtonLink } from "@/ui/Button";
import { Tag } from "@/ui/Chip";
import { When } from "@/ui/When";
import { EmergencyBand } from "./EmergencyBand";
import css from "./RecordFrame.module.css";

interface FrameProps {
  header: PatientHeader;
  own: boolean;
  grant: MyPatient["grant"] | null;
  children: ReactNode;
}

/** The band that always says whose record is open, and the ways through it. */
export function RecordFrame({ header, own, grant, children }: FrameProps) {
  const { t } = useTranslation();
  const params = { patient: header.id };
  return (
    <div className={css.frame}>
      <section
        className={own ? css.band : `${css.band} ${css.stays}`}
        aria-label={t("record.band", { name: header.name })}
      >
        <PatientPhoto patient={header.id} name={header.name} url={header.photo} />
        <div className={css.words}>
          <p className={css.name}>
            {header.name} {own && <Tag tone="accent">{t("record.you")}</Tag>}
          </p>
          <p className={css.facts}>
            {header.age !== null && <span>{t("record.age", { count: header.age })}</span>}
            {header.gender && <span>{t(`gender.${header.gender}`)}</span>}
            {header.birthDate && (
              <span>
                {t("record.born")} <When value={header.birthDate} />
              </span>
            )}
          </p>
        </div>
        {!own && grant && grant.purpose === "treatment" && (
          <ButtonLink
            size="small"
            to="/record/$patient/propose"
            params={params}
            icon={<IconPencilPlus size={18} aria-hidden />}
          >
            {t("record.propose")}
          </ButtonLink>
        )}
        {!own && grant && grant.purpose !== "emergency" && <Consent grant={grant} />}
      </section>
      {!own && grant && readsFor() !== "treatment" && (
        <p className="muted">{t("patients.purposeBand", { purpose: t(`purpose.${readsFor()}`) })}</p>
      )}
      {!own && grant?.purpose === "emergency" && <EmergencyBand grant={grant} patient={header.id} />}
      <nav className={css.tabs} aria-label={t("record.tabs")}>
        <Link to="/record/$patient" params={params} activeOptions={{ exact: true }}>
          {t("record.summary")}
        </Link>
        <Link to="/record/$patient/timeline" params={params} activeOptions={{ includeSearch: false }}>
          {t("record.timeline")}
        </Link>
        <Link to="/record/$patient/charts" params={params}>
          {t("record.charts")}
        </Link>
        <Link to="/record/$patient/documents" params={params} activeOptions={{ includeSearch: false }}>
          {t("record.documents")}
        </Link>
      </nav>
      {children}
    </div>
  );
}

function Consent({ grant }: { grant: MyPatient["grant"] }) {
  const { t } = useTranslation();
  return (
    <div className={css.consent}>
      <p>
        {grant.until ? (
          <>
            {t("record.until")} <When value={grant.until} relative />
          </>
        ) : (
          t("record.untilStopped")
        )}
      </p>
      <p className="muted small">{grant.via === "you" ? t("record.viaYou") : t("record.via", { name: grant.via })}</p>
    </div>
  );
}
