import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addChild, type Child } from "@/api/family";
import { GENDERS } from "@/api/types";
import { isoDay } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, SelectField, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";

const EMPTY: Child = { given: "", family: "", birthDate: "", gender: "unknown" };

/** A new record for a child; whoever adds it is the guardian. */
export function ChildDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [child, setChild] = useState(EMPTY);
  const set = (part: Partial<Child>) => setChild((before) => ({ ...before, ...part }));
  const add = useMutation({
    mutationFn: () => addChild(child),
    onSuccess: (made) => {
      client.invalidateQueries({ queryKey: ["family"] });
      toast(t("family.added", { name: made.patient.name }));
      setChild(EMPTY);
      onClose();
    },
  });
  return (
    <Dialog open={open} title={t("family.addChild")} onClose={onClose}>
      <Form onSubmit={() => add.mutate()}>
        <p>{t("family.addText")}</p>
        <TextField label={t("family.given")} value={child.given} onText={(given) => set({ given })} required />
        <TextField label={t("family.familyName")} value={child.family} onText={(family) => set({ family })} required />
        <TextField
          label={t("family.birthDate")}
          type="date"
          max={isoDay(new Date())}
          value={child.birthDate}
          onText={(birthDate) => set({ birthDate })}
          required
        />
        <SelectField
          label={t("family.gender")}
          value={child.gender}
          onPick={(gender) => set({ gender })}
          options={GENDERS.map((value) => ({ value, label: t(`gender.${value}`) }))}
        />
        {add.error && <ErrorNote error={add.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            kind="main"
            type="submit"
            busy={add.isPending}
            disabled={!child.given.trim() || !child.family.trim() || !child.birthDate}
          >
            {t("family.add")}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
