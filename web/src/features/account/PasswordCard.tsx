import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cancelPassword, methods, removePassword, setPassword } from "@/api/identity";
import type { SignInMethods } from "@/api/types";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Confirm, Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { OwnPassword, SHORTEST_PASSWORD } from "./OwnPassword";

export function PasswordCard({ password, canRemove }: { password: SignInMethods["password"]; canRemove: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const [removing, setRemoving] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: methods.queryKey });
  const remove = useMutation({
    mutationFn: removePassword,
    onSuccess: () => {
      refresh();
      toast(t("password.removed"));
    },
    onSettled: () => setRemoving(false),
  });
  const cancel = useMutation({ mutationFn: cancelPassword, onSuccess: refresh });
  return (
    <div className="stack">
      <div className="spread">
        <h3>{t("password.title")}</h3>
        <div className="row">
          {password.set && canRemove && (
            <Button size="small" kind="quiet" onClick={() => setRemoving(true)}>
              {t("password.remove")}
            </Button>
          )}
          <Button size="small" onClick={() => setChanging(true)}>
            {t(password.set ? "password.change" : "password.make")}
          </Button>
        </div>
      </div>
      <p className="muted">{t(password.set ? "password.text" : "password.none")}</p>
      {password.readyAt && (
        <Banner
          kind="warn"
          title={t("password.waits")}
          action={
            <Button size="small" busy={cancel.isPending} onClick={() => cancel.mutate()}>
              {t("password.cancel")}
            </Button>
          }
        >
          {t("password.readyAt")} <When value={password.readyAt} timed />
        </Banner>
      )}
      {(remove.error ?? cancel.error) && <ErrorNote error={remove.error ?? cancel.error} />}
      <Dialog open={changing} title={t("password.newTitle")} onClose={() => setChanging(false)}>
        {changing && <NewPassword onClose={() => setChanging(false)} />}
      </Dialog>
      <Confirm
        open={removing}
        title={t("password.removeTitle")}
        confirm={t("password.remove")}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setRemoving(false)}
      >
        {t("password.removeText")}
      </Confirm>
    </div>
  );
}

function NewPassword({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [password, set] = useState("");
  const change = useMutation({
    mutationFn: () => setPassword(password),
    onSuccess: ({ readyAt }) => {
      client.invalidateQueries({ queryKey: methods.queryKey });
      client.invalidateQueries({ queryKey: ["devices"] });
      onClose();
      toast(t(readyAt ? "password.willChange" : "password.changed"));
    },
  });
  return (
    <Form onSubmit={() => change.mutate()}>
      <p className="muted">{t("password.ends")}</p>
      <OwnPassword label={t("password.new")} value={password} onText={set} error={change.error} required />
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button kind="main" type="submit" busy={change.isPending} disabled={password.length < SHORTEST_PASSWORD}>
          {t("password.save")}
        </Button>
      </DialogActions>
    </Form>
  );
}
