import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { demo, signIn } from "@/api/auth";
import type { DemoAccount } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { ErrorNote } from "@/ui/ErrorNote";
import css from "./Welcome.module.css";

/** In a demonstration the server announces accounts to try; elsewhere nothing shows. */
export function DemoAccounts({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  const accounts = useQuery(demo);
  const enter = useMutation({
    mutationFn: (account: DemoAccount) => signIn(account.username, account.password),
    onSuccess: onSignedIn,
  });
  if (!accounts.data || accounts.data.length === 0) return null;
  return (
    <section className={css.demo} aria-labelledby="demo-title">
      <div>
        <h2 id="demo-title">{t("demo.title")}</h2>
        <p className={css.demoText}>{t("demo.text")}</p>
      </div>
      <div className={css.accounts}>
        {accounts.data.map((account) => (
          <button
            key={account.username}
            type="button"
            className={css.account}
            disabled={enter.isPending}
            onClick={() => enter.mutate(account)}
          >
            <Avatar name={account.name} />
            <span>
              <strong>{account.name}</strong>
              <small>{t("demo.as", { role: t(`role.${account.role}`) })}</small>
            </span>
          </button>
        ))}
      </div>
      {enter.error && <ErrorNote error={enter.error} />}
    </section>
  );
}
