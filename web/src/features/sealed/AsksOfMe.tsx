import "@/lib/vaultWords";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { vaultOpenings } from "@/api/vault";
import { Banner } from "@/ui/Banner";
import { ButtonLink } from "@/ui/Button";

/** For the home page: somebody waits at their locked vault for the share that I hold. */
export default function AsksOfMe() {
  const { t } = useTranslation();
  const found = useQuery(vaultOpenings);
  const waiting = found.data?.asked.length ?? 0;
  if (waiting === 0) return null;
  return (
    <Banner
      title={t("vault.asksOfMe", { count: waiting })}
      action={<ButtonLink to="/account/vault">{t("vault.asksOfMeLook")}</ButtonLink>}
    >
      {t("vault.asksOfMeText")}
    </Banner>
  );
}
