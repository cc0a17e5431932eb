import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { methods } from "@/api/identity";
import { Card } from "@/ui/Card";
import { ErrorNote } from "@/ui/ErrorNote";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { Passkeys } from "./Passkeys";
import { PasswordCard } from "./PasswordCard";
import { RecoveryCodes } from "./RecoveryCodes";

/** What one signs in with. `others` are ways that other rooms bring. */
export function SignInWays({ others }: { others?: ReactNode }) {
  const { t } = useTranslation();
  const ways = useQuery(methods);
  return (
    <Section title={t("methods.title")}>
      {ways.isPending && <Skeleton rows={3} height={96} />}
      {ways.error && <ErrorNote error={ways.error} onRetry={() => ways.refetch()} />}
      {ways.data && (
        <>
          <Card>
            <Passkeys passkeys={ways.data.passkeys} />
          </Card>
          {others}
          <Card>
            <PasswordCard password={ways.data.password} canRemove={ways.data.passkeys.length > 0} />
          </Card>
          <Card>
            <RecoveryCodes {...ways.data.recoveryCodes} />
          </Card>
        </>
      )}
    </Section>
  );
}
