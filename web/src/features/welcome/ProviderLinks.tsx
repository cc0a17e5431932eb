import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { providers } from "@/api/providers";

/** Staff go to their hospital's own sign-in and come back with a session. */
export function ProviderLinks() {
  const { t } = useTranslation();
  const all = useQuery(providers).data ?? [];
  // Not routes of this app: the server sends the browser on.
  return all.map(({ id, name }) => (
    <li key={id}>
      <a href={`/oauth/external/${id}`}>{t("provider.signIn", { name })}</a>
    </li>
  ));
}
