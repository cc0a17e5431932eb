import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { inviteGuardian } from "@/api/family";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";

interface Props {
  child: { id: string; name: string };
  open: boolean;
  onClose: () => void;
}

/** Asks a second parent to be a guardian too. */
export function GuardianDialog({ child, open, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [person, setPerson] = useState("");
  const ask = useMutation({
    mutationFn: () => inviteGuardian(child.id, person.trim()),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["family"] });
      toast(t("family.sent"));
      onClose();
    },
  });
  return (
    <Dialog open={open} title={t("family.inviteTitle", { name: child.name })} onClose={onClose}>
      <Form onSubmit={() => ask.mutate()}>
        <TextField
          label={t("family.person")}
          hint={t("family.personHint")}
          value={person}
          onText={setPerson}
          required
        />
        {ask.error && <ErrorNote error={ask.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" busy={ask.isPending} disabled={person.trim() === ""}>
            {t("family.send")}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
