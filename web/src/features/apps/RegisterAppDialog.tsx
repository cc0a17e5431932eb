import "@/lib/appsWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { organizations } from "@/api/admin";
import { registerApp } from "@/api/apps";
import { Problem } from "@/api/client";
import type { AppDraft, AppKind } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText, SelectField, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";

const KINDS: AppKind[] = ["public", "confidential", "backend"];
const EMPTY = {
  name: "",
  kind: "public" as AppKind,
  addresses: "",
  launch: "",
  keys: "",
  scope: "",
  organization: "",
};

/** The keys as an administrator pastes them: one key, a list, or a set. */
function keysOf(text: string): object[] | null {
  if (text.trim() === "") return [];
  try {
    const json = JSON.parse(text);
    const list = Array.isArray(json) ? json : (json.keys ?? [json]);
    return Array.isArray(list) ? list : null;
  } catch {
    return null;
  }
}

/** Instead of keys, where the app publishes them. */
const isAddress = (text: string) => /^https?:\/\/\S+$/.test(text.trim());

export function RegisterAppDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState(EMPTY);
  const backend = form.kind === "backend";
  const houses = useQuery({ ...organizations(), enabled: open && backend });
  const published = form.kind !== "public" && isAddress(form.keys);
  const keys = published ? [] : keysOf(form.keys);
  const create = useMutation({
    mutationFn: () => {
      const draft: AppDraft = {
        name: form.name.trim(),
        kind: form.kind,
        redirectUris: backend ? [] : form.addresses.split(/\s+/).filter(Boolean),
        keys: form.kind === "public" ? [] : (keys ?? []),
        ...(published ? { jwksUri: form.keys.trim() } : {}),
        ...(form.scope.trim() ? { scope: form.scope.trim() } : {}),
        ...(form.launch.trim() && !backend ? { launchUri: form.launch.trim() } : {}),
        ...(backend && form.organization ? { organization: form.organization } : {}),
      };
      return registerApp(draft);
    },
    onSuccess: (app) => {
      client.invalidateQueries({ queryKey: ["admin", "apps"] });
      setForm(EMPTY);
      onClose();
      toast(t(app.state === "waiting" ? "apps.addedWaits" : "apps.addedToast", { name: app.name }));
    },
  });
  const problem = create.error instanceof Problem ? create.error : null;
  const set = (name: keyof typeof EMPTY) => (value: string) => setForm({ ...form, [name]: value });
  const complete = form.name.trim() !== "" && keys !== null;
  return (
    <Dialog open={open} title={t("apps.add")} onClose={onClose}>
      <Form onSubmit={() => create.mutate()}>
        <TextField
          label={t("apps.name")}
          hint={t("apps.nameHint")}
          value={form.name}
          onText={set("name")}
          error={problem?.issue("name")}
          autoComplete="off"
          required
        />
        <SelectField
          label={t("apps.kindLabel")}
          value={form.kind}
          options={KINDS.map((value) => ({ value, label: t(`apps.kind.${value}`) }))}
          onPick={set("kind")}
        />
        {!backend && (
          <>
            <LongText
              label={t("apps.addresses")}
              hint={t("apps.addressesHint")}
              value={form.addresses}
              onText={set("addresses")}
              error={problem?.issue("redirectUris")}
            />
            <TextField
              label={t("apps.launch")}
              hint={t("apps.launchHint")}
              value={form.launch}
              onText={set("launch")}
              autoComplete="off"
            />
          </>
        )}
        {form.kind !== "public" && (
          <LongText
            label={t("apps.keys")}
            hint={t("apps.keysHint")}
            value={form.keys}
            onText={set("keys")}
            error={keys === null ? t("apps.keysWrong") : problem?.issue("keys")}
          />
        )}
        <TextField
          label={t("apps.scope")}
          hint={t(backend ? "apps.scopeHintBackend" : "apps.scopeHint")}
          value={form.scope}
          onText={set("scope")}
          error={problem?.issue("scope")}
          autoComplete="off"
        />
        {backend && (
          <SelectField
            label={t("apps.organization")}
            value={form.organization}
            options={[
              { value: "", label: t("apps.choose") },
              ...(houses.data ?? []).map((each) => ({ value: each.id, label: each.name })),
            ]}
            onPick={set("organization")}
            error={problem?.issue("organization")}
          />
        )}
        {backend && <p className="muted small">{t("apps.twoNeeded")}</p>}
        {create.error && (!problem || problem.issues.length === 0) && <ErrorNote error={create.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" disabled={!complete} busy={create.isPending}>
            {t("apps.add")}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
