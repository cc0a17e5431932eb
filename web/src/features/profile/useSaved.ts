import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { emergencyCard } from "@/api/exchange";
import { addEntry, bringBack, changeEntry, removeEntry } from "@/api/profile";
import type { Resource } from "@/api/record";
import { toast } from "@/ui/Toast";

/** Keeps, changes and removes own entries, and reads again what shows them. */
export function useSaved(patient: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const renew = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["record", patient] }),
      client.invalidateQueries({ queryKey: emergencyCard.queryKey }),
    ]);
  const save = useMutation({
    mutationFn: (resource: Resource) => (resource.id ? changeEntry(resource) : addEntry(resource)),
    onSuccess: async () => {
      await renew();
      toast(t("profile.saved"));
    },
  });
  const undo = useMutation({ mutationFn: (resource: Resource) => bringBack(resource), onSuccess: renew });
  const remove = useMutation({
    mutationFn: (resource: Resource) => removeEntry(resource),
    onSuccess: async (_, resource) => {
      await renew();
      toast(t("profile.removed"), () => undo.mutate(resource));
    },
  });
  // Without a way back: what took their place says otherwise.
  const replaced = useMutation({
    mutationFn: (old: Resource[]) => Promise.all(old.map(removeEntry)),
    onSettled: renew,
  });
  return { save, remove, replaced, failed: undo.error ?? replaced.error };
}
