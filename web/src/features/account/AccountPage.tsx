import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Account, ErasureReceipt } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts } from "@/ui/Card";
import { Choice } from "@/ui/Chip";
import { Page, Section } from "@/ui/Page";
import { type Scheme, useScheme } from "@/ui/scheme";
import css from "./AccountPage.module.css";
import { Sessions } from "./Sessions";
import { SignInWays } from "./SignInWays";

const YourData = lazy(() => import("./YourData"));

const SCHEMES: Scheme[] = ["auto", "light", "dark"];

interface AccountPageProps {
  account: Account;
  onSignOut: () => void;
  /** The record and the account are gone; this is the proof. */
  onErased: (receipt: ErasureReceipt) => void;
  /** Signs out everywhere, here too. */
  onEverywhere: () => void;
  /** Ways to sign in that other rooms bring, as cards. */
  ways?: ReactNode;
  /** Sections of other rooms, such as the apps that are connected. */
  children?: ReactNode;
}

/** Who one is, how one signs in, and where one is signed in. */
export function AccountPage({ account, onSignOut, onErased, onEverywhere, ways, children }: AccountPageProps) {
  const { t } = useTranslation();
  const [scheme, setScheme] = useScheme();
  return (
    <Page title={t("account.title")} narrow action={<Button onClick={onSignOut}>{t("auth.signOut")}</Button>}>
      <Section title={t("account.profile")}>
        <Card>
          <div className={css.who}>
            <Avatar name={account.name} large />
            <div>
              <p className={css.name}>{account.name}</p>
              <p className="muted">{t(`role.${account.role}`)}</p>
            </div>
          </div>
          <Facts>
            <Fact label={t("auth.username")}>{account.username}</Fact>
            {account.email && account.email !== account.username && (
              <Fact label={t("register.email")}>{account.email}</Fact>
            )}
            {account.organizations.length > 0 && (
              <Fact label={t("account.organizations")}>
                {account.organizations.map((each) => each.name).join(", ")}
              </Fact>
            )}
          </Facts>
        </Card>
      </Section>
      <SignInWays others={ways} />
      <Sessions onEverywhere={onEverywhere} />
      {children}
      <Suspense>
        <YourData account={account} onErased={onErased} />
      </Suspense>
      <Section title={t("account.look")}>
        <div>
          <Choice
            label={t("account.look")}
            value={scheme}
            onChange={setScheme}
            options={SCHEMES.map((value) => ({ value, text: t(`scheme.${value}`) }))}
          />
        </div>
      </Section>
    </Page>
  );
}
