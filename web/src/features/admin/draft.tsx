import "@/lib/laterWords";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { organizations } from "@/api/admin";
import { Problem } from "@/api/client";
import { Button } from "@/ui/Button";
import { DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, SelectField } from "@/ui/Field";

/** What is typed into a dialog that makes something, and what the server says of it. */
export function useDraft<F extends Record<string, string>, Made>(
  empty: F,
  make: (form: F) => Promise<Made>,
  onMade: (made: Made, form: F) => void,
) {
  const client = useQueryClient();
  const [form, setForm] = useState(empty);
  const sent = useMutation({
    mutationFn: () => make(form),
    onSuccess: (made) => {
      client.invalidateQueries({ queryKey: ["admin"] });
      setForm(empty);
      onMade(made, form);
    },
  });
  const problem = sent.error instanceof Problem ? sent.error : null;
  const set = (name: keyof F) => (value: string) => setForm({ ...form, [name]: value });
  /** The properties of the field of this name; `path` is what the server calls it. */
  const field = (name: keyof F & string, path: string = name) => ({
    value: form[name] as string,
    onText: set(name),
    error: problem?.issue(path),
  });
  return { form, set, field, problem, error: sent.error, busy: sent.isPending, send: () => sent.mutate() };
}

interface DraftFormProps {
  draft: { problem: Problem | null; error: Error | null; busy: boolean; send: () => void };
  confirm: string;
  complete: boolean;
  /** The fault is told beside a field already. */
  told?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The fields of such a dialog, what is wrong with none of them in particular, and its two buttons. */
export function DraftForm({ draft, confirm, complete, told, onClose, children }: DraftFormProps) {
  const { t } = useTranslation();
  const { problem, error } = draft;
  return (
    <Form onSubmit={draft.send}>
      {children}
      {error && !told && (problem?.issues.length ?? 0) === 0 && <ErrorNote error={error} />}
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button kind="main" type="submit" busy={draft.busy} disabled={!complete}>
          {confirm}
        </Button>
      </DialogActions>
    </Form>
  );
}

interface OrganizationFieldProps {
  value: string;
  onPick: (id: string) => void;
  hint?: string;
  error?: string;
}

/** Where somebody works, or nowhere. */
export function OrganizationField(props: OrganizationFieldProps) {
  const { t } = useTranslation();
  const houses = useQuery(organizations());
  return (
    <SelectField
      label={t("users.organization")}
      options={[
        { value: "", label: t("users.noOrganization") },
        ...(houses.data ?? []).map((each) => ({ value: each.id, label: each.name })),
      ]}
      {...props}
    />
  );
}
