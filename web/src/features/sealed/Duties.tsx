import "@/lib/vaultWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { doDuties, dutiesOf } from "@/api/sealing";
import { myVault, sealing } from "@/api/vault";
import { Banner } from "@/ui/Banner";
import { Trouble } from "./Trouble";
import { Unlock } from "./Unlock";
import { useVault } from "./useVault";

/** What is still to be done after access to sealed documents was given or ended: by itself when the vault is open. */
export default function Duties({ patient, unlock = true }: { patient: string; unlock?: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const vault = useVault();
  const mine = useQuery(myVault);
  const kept = mine.data?.vault;
  const state = useQuery({ ...sealing, enabled: Boolean(kept) });
  const duties = state.data ? dutiesOf(state.data) : null;
  const work = useMutation({
    mutationFn: async () => {
      if (vault) await doDuties(vault, client, patient);
    },
  });
  const todo = duties !== null && duties.due.length + duties.missing.length > 0;
  const { mutate, isPending, isError } = work;
  useEffect(() => {
    if (todo && vault && !isPending && !isError) mutate();
  }, [todo, vault, isPending, isError, mutate]);
  if (!duties || !kept) return null;
  return (
    <>
      {todo && !vault && (
        <>
          <Banner kind="warn" title={t("sealed.dutiesTitle")}>
            {duties.due.length > 0 ? t("sealed.dutiesDue") : t("sealed.dutiesMissing")}
          </Banner>
          {unlock && <Unlock vault={kept} />}
        </>
      )}
      {duties.waiting.map((name) => (
        <Banner key={name}>{t("sealed.noVault", { name })}</Banner>
      ))}
      <Trouble error={work.error} />
    </>
  );
}
