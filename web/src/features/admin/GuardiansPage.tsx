import "@/lib/laterWords";
import { IconPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/client";
import { endGuardianship, guardiansOf, linkGuardian } from "@/api/family";
import type { Delegation } from "@/api/types";
import { formatDate } from "@/lib/dates";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Tag } from "@/ui/Chip";
import { Dialog } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText, TextField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import css from "./Admin.module.css";
import { DraftForm, useDraft } from "./draft";

const TONES = { active: "ok", waiting: "warn", ended: "neutral" } as const;

/** Who is a guardian of one child, found by the id of the record: nobody lists the children of a server. */
export function GuardiansPage() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [child, setChild] = useState("");
  const [linking, setLinking] = useState(false);
  const [ending, setEnding] = useState<Delegation | null>(null);
  const list = useQuery({ ...guardiansOf(child), enabled: child !== "" });
  const unknown = list.error instanceof Problem && list.error.status === 404;
  return (
    <Page title={t("guardians.title")} lead={t("guardians.lead")}>
      <div className="stack">
        <Form onSubmit={() => setChild(typed.trim())}>
          <TextField
            label={t("guardians.patient")}
            hint={t("guardians.patientHint")}
            value={typed}
            onText={setTyped}
            autoComplete="off"
            required
          />
          <div className="row">
            <Button kind="main" type="submit" disabled={typed.trim() === ""}>
              {t("guardians.find")}
            </Button>
          </div>
        </Form>
        {child !== "" && list.isPending && <Skeleton rows={2} height={68} />}
        {list.error && !unknown && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
        {unknown && (
          <Empty icon={<IconUsers />} title={t("guardians.unknown")}>
            {t("guardians.unknownText")}
          </Empty>
        )}
        {list.data && (
          <section className="stack" aria-label={t("guardians.found")}>
            <div className="row">
              <Button icon={<IconPlus aria-hidden />} onClick={() => setLinking(true)}>
                {t("guardians.link")}
              </Button>
            </div>
            {list.data.length === 0 && <p className="muted">{t("guardians.nobody")}</p>}
            {list.data.length > 0 && (
              <List label={t("guardians.found")}>
                {list.data.map((one) => (
                  <Guardian key={one.id} one={one} onEnd={() => setEnding(one)} />
                ))}
              </List>
            )}
          </section>
        )}
      </div>
      <Dialog open={linking} title={t("guardians.linkTitle")} onClose={() => setLinking(false)}>
        {linking && <Link child={child} onClose={() => setLinking(false)} />}
      </Dialog>
      <Dialog
        open={ending !== null}
        title={t("guardians.endTitle", { name: ending?.person ?? "" })}
        onClose={() => setEnding(null)}
      >
        {ending && <End one={ending} onClose={() => setEnding(null)} />}
      </Dialog>
    </Page>
  );
}

function Guardian({ one, onEnd }: { one: Delegation; onEnd: () => void }) {
  const { t, i18n } = useTranslation();
  const day = (time: string) => formatDate(time.slice(0, 10), i18n.language);
  return (
    <li className={css.row}>
      <div className={css.words}>
        <p className="strong">{one.person}</p>
        <p className="muted small">
          {t("guardians.of", { name: one.patient.name })} {"\u00b7"} {t("guardians.since", { day: day(one.created) })}
          {one.until && ` \u00b7 ${t("family.until", { day: day(one.until) })}`}
        </p>
        {one.reason && <p className="small">{one.reason}</p>}
      </div>
      <Tag tone={TONES[one.state]}>{t(`guardians.state.${one.state}`)}</Tag>
      {one.state !== "ended" && (
        <Button size="small" onClick={onEnd}>
          {t("family.end")}
          <span className="visually-hidden"> {one.person}</span>
        </Button>
      )}
    </li>
  );
}

function Link({ child, onClose }: { child: string; onClose: () => void }) {
  const { t } = useTranslation();
  const draft = useDraft(
    { person: "", reason: "" },
    (form) => linkGuardian(child, form.person.trim(), form.reason.trim()),
    (made) => {
      onClose();
      toast(t("guardians.linked", { name: made.person ?? "" }));
    },
  );
  const { form, field } = draft;
  return (
    <DraftForm
      draft={draft}
      confirm={t("guardians.linkNow")}
      complete={form.person.trim() !== "" && form.reason.trim().length >= 10}
      onClose={onClose}
    >
      <p>{t("guardians.linkText")}</p>
      <TextField label={t("family.person")} {...field("person")} autoComplete="off" required />
      <LongText label={t("guardians.reason")} hint={t("guardians.reasonHint")} {...field("reason")} />
    </DraftForm>
  );
}

function End({ one, onClose }: { one: Delegation; onClose: () => void }) {
  const { t } = useTranslation();
  const draft = useDraft(
    { reason: "" },
    (form) => endGuardianship(one.id, form.reason.trim()),
    () => {
      onClose();
      toast(t("guardians.ended"));
    },
  );
  return (
    <DraftForm
      draft={draft}
      confirm={t("guardians.endNow")}
      complete={draft.form.reason.trim().length >= 10}
      onClose={onClose}
    >
      <p>{t("guardians.endText")}</p>
      <LongText label={t("guardians.reason")} hint={t("guardians.reasonHint")} {...draft.field("reason")} />
    </DraftForm>
  );
}
