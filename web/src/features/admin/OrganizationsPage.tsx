import "@/lib/laterWords";
import { IconBuildingHospital, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { createOrganization, organizations } from "@/api/admin";
import type { Organization } from "@/api/types";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Dialog } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { SearchField, TextField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import css from "./Admin.module.css";
import { DraftForm, useDraft } from "./draft";
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
  return (
    <Dialog open={open} title={t("organizations.create")} onClose={onClose}>
      {open && <Create onClose={onClose} />}
    </Dialog>
  );
}

function Create({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const draft = useDraft(
    EMPTY,
    (form) =>
      createOrganization({
        name: form.name.trim(),
        ...(form.city ? { city: form.city.trim() } : {}),
        ...(form.phone ? { phone: form.phone.trim() } : {}),
      }),
    (made) => {
      onClose();
      toast(t("organizations.created", { name: made.name }));
    },
  );
  const { form, field } = draft;
  const complete = form.name.trim() !== "";
  return (
    <DraftForm draft={draft} confirm={t("organizations.createNow")} complete={complete} onClose={onClose}>
      <TextField label={t("organizations.name")} {...field("name")} autoComplete="off" required />
      <TextField label={t("organizations.city")} {...field("city")} autoComplete="off" />
      <TextField label={t("organizations.phone")} type="tel" {...field("phone")} autoComplete="off" />
    </DraftForm>
  );
}
