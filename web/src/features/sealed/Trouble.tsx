import { useTranslation } from "react-i18next";
import { SealError } from "@/lib/vault/bytes";
import { passkeyTrouble } from "@/lib/webauthn";
import { Banner } from "@/ui/Banner";
import { ErrorNote } from "@/ui/ErrorNote";

/** Says this passkey or browser derives no secret. */
export class NoPrf extends Error {}

/** What went wrong with something sealed, and what to do. */
export function Trouble({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  if (error instanceof NoPrf) return <Banner kind="warn">{t("vault.noPrf")}</Banner>;
  if (error instanceof SealError) {
    return (
      <Banner kind="error" title={error.why === "code" ? undefined : t("vault.trouble.title")}>
        {t(`vault.trouble.${error.why}`)}
      </Banner>
    );
  }
  const passkey = passkeyTrouble(error);
  return passkey ? <Banner kind="warn">{t(`passkey.${passkey}`)}</Banner> : <ErrorNote error={error} />;
}
