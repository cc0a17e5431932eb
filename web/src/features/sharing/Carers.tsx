import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { session } from "@/api/auth";
import { family } from "@/api/family";
import type { Delegation } from "@/api/types";
import { formatDate } from "@/lib/dates";
import { Avatar } from "@/ui/Avatar";
import css from "./WhoHasAccess.module.css";

/** Who else looks after the record that is open: guardians and helpers, to whom no consent was given. */
export function useCarers(): Delegation[] {
  const current = useQuery(session);
  const all = useQuery(family);
  const patient = current.data?.account.patient;
  return all.data?.filter((one) => !one.mine && one.state === "active" && one.patient.id === patient) ?? [];
}

export function CarerRow({ one }: { one: Delegation }) {
  const { t, i18n } = useTranslation();
  const guardian = one.kind === "guardianship";
  const name = one.person ?? "";
  return (
    <li className={css.row}>
      <Avatar name={name} />
      <span className={css.words}>
        <span>{name}</span>
        <span className="muted small">
          {t(guardian ? "family.guardian" : one.acts ? "family.acts" : "family.looks")}
          {!guardian &&
            (one.categories?.map((each) => ` \u00b7 ${t(`category.${each}`)}`) ?? ` \u00b7 ${t("family.allKinds")}`)}
          {one.until &&
            ` \u00b7 ${t("family.until", { day: formatDate(guardian ? one.until.slice(0, 10) : one.until, i18n.language) })}`}
        </span>
      </span>
    </li>
  );
}
