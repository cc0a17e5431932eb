import "@/lib/vaultWords";
import { IconShieldLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/Button";
import { Section } from "@/ui/Page";

/** The way to one's vault, among what is in one's account. */
export default function VaultLink() {
  const { t } = useTranslation();
  return (
    <Section title={t("vault.title")}>
      <p>{t("vault.lead")}</p>
      <div>
        <ButtonLink to="/account/vault" icon={<IconShieldLock aria-hidden />}>
          {t("vault.open")}
        </ButtonLink>
      </div>
    </Section>
  );
}
