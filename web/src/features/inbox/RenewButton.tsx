import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { askRenewal, renewGrant } from "@/api/consent";
import { Button } from "@/ui/Button";
import { ErrorNote } from "@/ui/ErrorNote";
import { toast } from "@/ui/Toast";
import css from "./InboxPage.module.css";
import { renewalIn } from "./notices";

/** A notice that access ends soon is answered where it is read. */
export function RenewButton({ link }: { link: string | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const found = renewalIn(link);
  const act = useMutation({
    mutationFn: async ({ act, grant }: NonNullable<typeof found>) => {
      if (act === "ask") {
        await askRenewal(grant);
        return t("sharing.askedRenewal");
      }
      const renewed = await renewGrant(grant);
      return t("sharing.renewed", { name: renewed.grantee.name });
    },
    onSuccess: (said) => {
      client.invalidateQueries({ queryKey: ["grants"] });
      toast(said);
    },
  });
  if (!found) return null;
  return (
    <div className={css.act}>
      <Button size="small" busy={act.isPending} disabled={act.isSuccess} onClick={() => act.mutate(found)}>
        {t(found.act === "renew" ? "sharing.renew" : "sharing.askRenewal")}
      </Button>
      {act.error && <ErrorNote error={act.error} />}
    </div>
  );
}
