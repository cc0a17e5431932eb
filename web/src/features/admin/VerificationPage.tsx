import "@/lib/laterWords";
import { IconCheck, IconFileText } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Verification } from "@/api/types";
import { approveClinician, clinicianDocument, sendBackClinician, verification } from "@/api/verification";
import { formatBytes } from "@/lib/format";
import { Banner } from "@/ui/Banner";
import { Button } from "@/ui/Button";
import { Card, Fact, Facts, List } from "@/ui/Card";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { Form, LongText } from "@/ui/Field";
import { Page, Section } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import css from "./Admin.module.css";

/** One clinician: what they say, what they show, and who found it good. Two different administrators decide. */
export function VerificationPage({ account }: { account: number }) {
  const { t } = useTranslation();
  const one = useQuery(verification(account));
  return (
    <Page title={one.data?.name ?? t("verifications.one")} name={t("verifications.one")} narrow>
      {one.isPending && <Skeleton rows={4} height={96} />}
      {one.error && <ErrorNote error={one.error} onRetry={() => one.refetch()} />}
      {one.data && <Case one={one.data} />}
    </Page>
  );
}

function Case({ one }: { one: Verification }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [objecting, setObjecting] = useState(false);
  const keep = (fresh: Verification) => {
    client.setQueryData(verification(one.account).queryKey, fresh);
    client.invalidateQueries({ queryKey: ["admin", "verifications"] });
  };
  const approve = useMutation({
    mutationFn: () => approveClinician(one.account, one.version),
    onSuccess: (fresh) => {
      keep(fresh);
      toast(t(fresh.state === "verified" ? "verifications.verified" : "verifications.once", { name: fresh.name }));
    },
  });
  const open = one.state === "waiting" || one.state === "checked";
  const mine = one.checks.some((check) => check.mine);
  return (
    <>
      <Stand one={one} />
      <Section title={t("verifications.says")}>
        <Card>
          <Facts>
            <Fact label={t("verification.field.profession")}>{one.details?.profession ?? "\u2013"}</Fact>
            <Fact label={t("verification.field.register")}>{one.details?.register ?? "\u2013"}</Fact>
            <Fact label={t("verification.field.registrationNumber")}>
              {one.details?.registrationNumber ?? "\u2013"}
            </Fact>
            <Fact label={t("verification.field.workplace")}>{one.details?.workplace ?? "\u2013"}</Fact>
            <Fact label={t("register.email")}>{one.email ?? "\u2013"}</Fact>
            {one.organizations.length > 0 && (
              <Fact label={t("verifications.willWork")}>{one.organizations.map(({ name }) => name).join(", ")}</Fact>
            )}
            {one.invitedBy && <Fact label={t("verifications.invitedBy")}>{one.invitedBy}</Fact>}
          </Facts>
        </Card>
      </Section>
      <Section title={t("verification.documents")}>
        <Papers one={one} />
      </Section>
      {open && (
        <Section title={t("verifications.decide")}>
          <p>{t("verifications.decideText")}</p>
          {mine && <Banner>{t("verifications.mine")}</Banner>}
          {one.locked && <Banner kind="warn">{t("verifications.locked")}</Banner>}
          {approve.error && <ErrorNote error={approve.error} />}
          <div className="row">
            <Button
              kind="main"
              icon={<IconCheck aria-hidden />}
              busy={approve.isPending}
              disabled={mine || one.locked}
              onClick={() => approve.mutate()}
            >
              {t("verifications.approve")}
            </Button>
            <Button onClick={() => setObjecting(true)}>{t("verifications.return")}</Button>
          </div>
        </Section>
      )}
      <Dialog open={objecting} title={t("verifications.returnTitle")} onClose={() => setObjecting(false)}>
        {objecting && <Objection one={one} onKept={keep} onClose={() => setObjecting(false)} />}
      </Dialog>
    </>
  );
}

function Stand({ one }: { one: Verification }) {
  const { t } = useTranslation();
  const good = one.state === "verified";
  return (
    <Banner
      kind={good ? "ok" : one.state === "returned" ? "warn" : "info"}
      title={t(`verification.state.${one.state}`)}
    >
      {one.returned && (
        <p>{t("verifications.returnedFor", { name: one.returned.name, reason: one.returned.reason })}</p>
      )}
      {one.checks.map((check) => (
        <p key={check.time}>
          {t("verifications.checkedBy", { name: check.name })} <When value={check.time} />
        </p>
      ))}
      {one.state === "waiting" && <p>{t("verifications.none")}</p>}
    </Banner>
  );
}

function Papers({ one }: { one: Verification }) {
  const { t, i18n } = useTranslation();
  if (one.documents.length === 0) return <p className="muted">{t("verifications.noDocuments")}</p>;
  return (
    <>
      <p className="muted small">{t("verifications.logged")}</p>
      <List label={t("verification.documents")}>
        {one.documents.map((document) => (
          <li key={document.id} className={css.paper}>
            <a href={clinicianDocument(one.account, document.id)} download={document.name} className={css.paperLink}>
              <IconFileText aria-hidden />
              <span>{document.name}</span>
            </a>
            <span className="muted small">{formatBytes(document.bytes, i18n.language)}</span>
          </li>
        ))}
      </List>
    </>
  );
}

interface ObjectionProps {
  one: Verification;
  onKept: (fresh: Verification) => void;
  onClose: () => void;
}

function Objection({ one, onKept, onClose }: ObjectionProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const send = useMutation({
    mutationFn: () => sendBackClinician(one.account, one.version, reason.trim()),
    onSuccess: (fresh) => {
      onKept(fresh);
      onClose();
      toast(t("verifications.sentBack", { name: one.name }));
    },
  });
  return (
    <Form onSubmit={() => send.mutate()}>
      <LongText
        label={t("verifications.reason")}
        hint={t("verifications.reasonHint", { name: one.name })}
        value={reason}
        onText={setReason}
        maxLength={500}
        required
      />
      {send.error && <ErrorNote error={send.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button kind="main" type="submit" busy={send.isPending} disabled={reason.trim().length < 3}>
          {t("verifications.return")}
        </Button>
      </DialogActions>
    </Form>
  );
}
