import "@/lib/laterWords";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/auth";
import { setPassword } from "@/api/identity";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Form } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { When } from "@/ui/When";
import { OwnPassword, SHORTEST_PASSWORD } from "./OwnPassword";

/** For somebody whose account an administrator made: two people know that password, so it is worth a week. */
export function ChoosePassword({ onSignOut, onChosen }: { onSignOut: () => void; onChosen: () => void }) {
  const { t } = useTranslation();
  const current = useQuery(session);
  const [password, set] = useState("");
  const choose = useMutation({ mutationFn: () => setPassword(password), onSuccess: onChosen });
  const by = current.data?.account.passwordChangeBy;
  return (
    <Page
      title={t("firstPassword.title")}
      lead={t("firstPassword.lead")}
      narrow
      action={<Button onClick={onSignOut}>{t("auth.signOut")}</Button>}
    >
      <Card>
        <Form onSubmit={() => choose.mutate()}>
          {by && (
            <p>
              {t("firstPassword.until")} <When value={by} timed />. {t("firstPassword.after")}
            </p>
          )}
          <OwnPassword label={t("firstPassword.own")} value={password} onText={set} error={choose.error} required />
          <div>
            <Button kind="main" type="submit" busy={choose.isPending} disabled={password.length < SHORTEST_PASSWORD}>
              {t("firstPassword.save")}
            </Button>
          </div>
        </Form>
      </Card>
    </Page>
  );
}
