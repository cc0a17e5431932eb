import { IconBuildingHospital, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { createOrganization, organizations } from "@/api/admin";
import { Problem } from "@/api/client";
import type { Organization } from "@/api/types";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, SearchField, TextField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import css from "./Admin.module.css";
import { MemberDialog } from "./MemberDialog";

const PAUSE = 200;

export function OrganizationsPage() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [query, setQuery] = useState("");
  const [creating, setCreating] = useState(false);
  const [adding, setAdding] = useState<Organization | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const list = useQuery(organizations(query));
  return (
    <Page
      title={t("organizations.title")}
      lead={t("organizations.lead")}
      action={
        <Button kind="main" icon={<IconPlus aria-hidden />} onClick={() => setCreating(true)}>
          {t("organizations.create")}
        </Button>
      }
    >
      <div className="stack">
        <SearchField label={t("organizations.search")} value={text} onText={setText} />
        {list.isPending && <Skeleton rows={5} height={68} />}
        {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
        {list.data?.length === 0 && (
          <Empty icon={<IconBuildingHospital />} title={t("organizations.empty")}>
            {t("organizations.emptyText")}
          </Empty>
        )}
        {list.data && list.data.length > 0 && (
          <List label={t("organizations.title")}>
            {list.data.map((each) => (
              <li key={each.id} className={css.row}>
                <span className={css.icon} aria-hidden>
                  <IconBuildingHospital />
                </span>
                <div className={css.words}>
                  <p className="strong">{each.name}</p>
                  <p className="muted small">
                    {[each.city, t("organizations.members", { count: each.members })].filter(Boolean).join(" \u00b7 ")}
                  </p>
                </div>
                <Button size="small" onClick={() => setAdding(each)}>
                  {t("organizations.add")}
                  <span className="visually-hidden"> {t("organizations.to", { name: each.name })}</span>
                </Button>
              </li>
            ))}
          </List>
        )}
      </div>
      <CreateDialog open={creating} onClose={() => setCreating(false)} />
      <MemberDialog organization={adding} onClose={() => setAdding(null)} />
    </Page>
  );
}

const EMPTY = { name: "", city: "", phone: "" };

function CreateDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState(EMPTY);
  const create = useMutation({
    mutationFn: () =>
      createOrganization({
        name: form.name.trim(),
        ...(form.city ? { city: form.city.trim() } : {}),
        ...(form.phone ? { phone: form.phone.trim() } : {}),
      }),
    onSuccess: (made) => {
      client.invalidateQueries({ queryKey: ["admin", "organizations"] });
      setForm(EMPTY);
      onClose();
      toast(t("organizations.created", { name: made.name }));
    },
  });
  const problem = create.error instanceof Problem ? create.error : null;
  const set = (name: keyof typeof EMPTY) => (value: string) => setForm({ ...form, [name]: value });
  return (
    <Dialog open={open} title={t("organizations.create")} onClose={onClose}>
      <Form onSubmit={() => create.mutate()}>
        <TextField
          label={t("organizations.name")}
          value={form.name}
          onText={set("name")}
          error={problem?.issue("name")}
          autoComplete="off"
          required
        />
        <TextField
          label={t("organizations.city")}
          value={form.city}
          onText={set("city")}
          error={problem?.issue("city")}
          autoComplete="off"
        />
        <TextField
          label={t("organizations.phone")}
          type="tel"
          value={form.phone}
          onText={set("phone")}
          error={problem?.issue("phone")}
          autoComplete="off"
        />
        {problem && problem.issues.length === 0 && <ErrorNote error={problem} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" busy={create.isPending} disabled={form.name.trim() === ""}>
            {t("organizations.createNow")}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
