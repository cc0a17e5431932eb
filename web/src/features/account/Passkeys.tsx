import { IconDeviceMobile, IconKey, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { methods, renamePasskey, revokePasskey, signInOptions } from "@/api/identity";
import type { Passkey } from "@/api/types";
import { hasPasskeys, passkeyTrouble } from "@/lib/webauthn";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Confirm, Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./AccountPage.module.css";
import { useNewPasskey } from "./useNewPasskey";

/** The devices that sign one in by face, fingerprint or screen lock. */
export function Passkeys({ passkeys }: { passkeys: Passkey[] }) {
  const { t } = useTranslation();
  const options = useQuery(signInOptions);
  const place = options.data?.passkey;
  const add = useNewPasskey(() => toast(t("passkeys.added")));
  const trouble = passkeyTrouble(add.error);
  return (
    <div className="stack">
      <div className="spread">
        <h3>{t("passkeys.title")}</h3>
        {place?.here && hasPasskeys() && (
          <Button size="small" icon={<IconPlus aria-hidden />} busy={add.isPending} onClick={() => add.mutate()}>
            {t("passkeys.add")}
          </Button>
        )}
      </div>
      <p className="muted">{t("passkeys.text")}</p>
      {place && !place.here && place.openAt && (
        <Banner>
          {t("passkey.elsewhere")} <a href={`${place.openAt}/account`}>{place.openAt}</a>
        </Banner>
      )}
      {trouble && <Banner kind="warn">{t(`passkey.${trouble}`)}</Banner>}
      {add.error && !trouble && <ErrorNote error={add.error} />}
      {passkeys.length > 0 ? (
        <List label={t("passkeys.title")}>
          {passkeys.map((passkey) => (
            <li key={passkey.id}>
              <PasskeyRow passkey={passkey} />
            </li>
          ))}
        </List>
      ) : (
        <p className={css.none}>{t("passkeys.none")}</p>
      )}
    </div>
  );
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [naming, setNaming] = useState(false);
  const [removing, setRemoving] = useState(false);
  const waits = passkey.readyAt !== null && new Date(passkey.readyAt) > new Date();
  const revoke = useMutation({
    mutationFn: () => revokePasskey(passkey.id),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: methods.queryKey });
      client.invalidateQueries({ queryKey: ["devices"] });
      toast(t("passkeys.removed", { name: passkey.name }));
    },
    onSettled: () => setRemoving(false),
  });
  const last = revoke.error instanceof Problem && revoke.error.kind === "last-method";
  return (
    <div className={css.device}>
      <div className={css.what}>
        <span className={css.sign} aria-hidden>
          {passkey.synced ? <IconKey /> : <IconDeviceMobile />}
        </span>
        <div>
          <p>
            {passkey.name} {waits && <Tag tone="warn">{t("passkeys.waits")}</Tag>}
          </p>
          <p className="muted small">
            {waits && passkey.readyAt ? (
              <>
                {t("passkeys.readyAt")} <When value={passkey.readyAt} timed />
              </>
            ) : passkey.lastUsed ? (
              <>
                {t("account.lastSeen")} <When value={passkey.lastUsed} relative />
              </>
            ) : (
              t("passkeys.unused")
            )}
            {" \u00b7 "}
            {t(passkey.synced ? "passkeys.synced" : "passkeys.bound")}
          </p>
          {revoke.error &&
            (last ? <Banner kind="warn">{t("methods.last")}</Banner> : <ErrorNote error={revoke.error} />)}
        </div>
      </div>
      <div className="row">
        <Button size="small" kind="quiet" onClick={() => setNaming(true)}>
          {t("passkeys.rename")}
          <span className="visually-hidden"> {passkey.name}</span>
        </Button>
        <Button size="small" onClick={() => setRemoving(true)}>
          {t("passkeys.remove")}
          <span className="visually-hidden"> {passkey.name}</span>
        </Button>
      </div>
      <Rename passkey={passkey} open={naming} onClose={() => setNaming(false)} />
      <Confirm
        open={removing}
        title={t("passkeys.removeTitle", { name: passkey.name })}
        confirm={t("passkeys.removeNow")}
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
        onClose={() => setRemoving(false)}
      >
        {t("passkeys.removeText")}
      </Confirm>
    </div>
  );
}

function Rename({ passkey, open, onClose }: { passkey: Passkey; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(passkey.name);
  const rename = useMutation({
    mutationFn: () => renamePasskey(passkey.id, name.trim()),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: methods.queryKey });
      onClose();
    },
  });
  const problem = rename.error instanceof Problem ? rename.error : null;
  return (
    <Dialog open={open} title={t("passkeys.renameTitle")} onClose={onClose}>
      <Form onSubmit={() => rename.mutate()}>
        <TextField
          label={t("passkeys.name")}
          hint={t("passkeys.nameHint")}
          value={name}
          onText={setName}
          error={problem?.issue("name")}
          maxLength={60}
          required
        />
        {problem && !problem.issue("name") && <ErrorNote error={problem} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" busy={rename.isPending} disabled={name.trim() === ""}>
            {t("common.save")}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
