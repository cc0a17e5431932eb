import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { entriesOf } from "@/api/profile";
import type { Resource } from "@/api/record";
import { Button, IconButton } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./Profile.module.css";
import { coverageOf, enteredByPatient, insuranceOf, isCurrent, NO_INSURANCE } from "./resources";
import { differs, useDiscard } from "./useDiscard";
import { useSaved } from "./useSaved";

/** Who pays: the patient's own and those that clinics entered. */
export function Insurance({ patient, acts }: { patient: string; acts: boolean }) {
  const { t } = useTranslation();
  const found = useQuery(entriesOf(patient, "Coverage"));
  const { remove, failed } = useSaved(patient);
  const [writing, setWriting] = useState<Resource | "new" | null>(null);
  const items = (found.data ?? []).filter(isCurrent);
  return (
    <Section
      title={t("profile.insurance.title")}
      action={
        acts && (
          <Button size="small" icon={<IconPlus size={18} aria-hidden />} onClick={() => setWriting("new")}>
            {t("profile.insurance.add")}
          </Button>
        )
      }
    >
      {found.isPending && <Skeleton rows={1} height={64} />}
      {found.error && <ErrorNote error={found.error} onRetry={() => found.refetch()} />}
      {(remove.error || failed) && <ErrorNote error={remove.error ?? failed} />}
      {found.data && items.length === 0 && <p className={css.empty}>{t("profile.insurance.empty")}</p>}
      {items.length > 0 && (
        <List label={t("profile.insurance.title")}>
          {items.map((item) => {
            const { payor, plan, number, until } = insuranceOf(item);
            const own = enteredByPatient(item);
            return (
              <li key={item.id} className={css.row}>
                <span className={css.words}>
                  <span>{payor || plan || t("profile.insurance.title")}</span>
                  <span className="muted small">
                    {[plan, number].filter(Boolean).join(" \u00b7 ")}
                    {until && (
                      <>
                        {" \u00b7 "}
                        {t("timeline.to")} <When value={until} />
                      </>
                    )}
                  </span>
                  {own && (
                    <span className={css.tags}>
                      <Tag tone="accent">{t("timeline.byYou")}</Tag>
                    </span>
                  )}
                </span>
                {own && acts && (
                  <span className={css.acts}>
                    <IconButton label={t("profile.change", { name: payor })} onClick={() => setWriting(item)}>
                      <IconPencil aria-hidden />
                    </IconButton>
                    <IconButton label={t("profile.remove", { name: payor })} onClick={() => remove.mutate(item)}>
                      <IconTrash aria-hidden />
                    </IconButton>
                  </span>
                )}
              </li>
            );
          })}
        </List>
      )}
      {writing && (
        <InsuranceDialog
          patient={patient}
          old={writing === "new" ? undefined : writing}
          onClose={() => setWriting(null)}
        />
      )}
    </Section>
  );
}

function InsuranceDialog({
  patient,
  old,
  onClose,
}: {
  patient: string;
  old: Resource | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { save } = useSaved(patient);
  const [first] = useState(() => (old ? insuranceOf(old) : NO_INSURANCE));
  const [form, setForm] = useState(first);
  const { close, question } = useDiscard(differs(form, first), onClose);
  const [tried, setTried] = useState(false);
  const missing = form.payor.trim() === "";
  const keep = () => {
    setTried(true);
    if (!missing) save.mutate(coverageOf(patient, form, old), { onSuccess: onClose });
  };
  return (
    <Dialog open title={t(old ? "profile.insurance.change" : "profile.insurance.add")} onClose={close}>
      <Form onSubmit={keep}>
        <TextField
          label={t("profile.insurance.payor")}
          value={form.payor}
          error={tried && missing ? t("profile.insurance.payorMissing") : undefined}
          maxLength={100}
          onText={(payor) => setForm({ ...form, payor })}
        />
        <TextField
          label={t("profile.insurance.plan")}
          value={form.plan}
          maxLength={100}
          onText={(plan) => setForm({ ...form, plan })}
        />
        <TextField
          label={t("profile.insurance.number")}
          value={form.number}
          maxLength={60}
          onText={(number) => setForm({ ...form, number })}
        />
        <TextField
          label={t("profile.insurance.until")}
          type="date"
          value={form.until}
          onText={(until) => setForm({ ...form, until })}
        />
        {save.error && <ErrorNote error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="main" type="submit" busy={save.isPending}>
            {t("common.save")}
          </Button>
        </DialogActions>
      </Form>
      {question}
    </Dialog>
  );
}
