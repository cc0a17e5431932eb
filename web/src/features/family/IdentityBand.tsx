import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { family, isPart } from "@/api/family";
import { summary } from "@/api/record";
import { PatientPhoto } from "@/fhir/PatientPhoto";
import { colourOf, openProfile, switchTo } from "@/lib/profile";
import { Button } from "@/ui/Button";
import css from "./Family.module.css";

/** Says on every page whose record is open, while it is not one's own; and leads back at once when it is over. */
export function IdentityBand() {
  const { t } = useTranslation();
  const profile = openProfile();
  const all = useQuery({ ...family, enabled: profile !== null });
  const held = all.data?.find((one) => one.mine && one.state === "active" && one.patient.id === profile?.id);
  const header = useQuery({ ...summary(profile?.id ?? ""), enabled: held !== undefined });
  const over = profile !== null && all.data !== undefined && !held;
  useEffect(() => {
    if (over) switchTo(null, "/family");
  }, [over]);
  if (!profile) return null;
  return (
    <section className={`${css.band} ${css[`c${colourOf(profile.id)}`]}`} aria-label={t("family.band")}>
      <PatientPhoto patient={profile.id} name={profile.name} url={header.data?.patient.photo} />
      <p>
        <strong>{t("family.inRecord", { name: profile.name })}</strong>{" "}
        {held && <span className={css.how}>{t(held.acts ? "family.actsHere" : "family.looksHere")}</span>}{" "}
        {held && isPart(held) && <span className={css.how}>{t("family.partHere")}</span>}
      </p>
      <Button size="small" onClick={() => switchTo(null)}>
        {t("family.backToOwn")}
      </Button>
    </section>
  );
}
