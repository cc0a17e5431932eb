import "@/lib/laterWords";
import { IconChevronRight, IconUserCheck, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Verification, VerificationState } from "@/api/types";
import { verifications } from "@/api/verification";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Chip, ChipBar, Tag } from "@/ui/Chip";
import { Empty } from "@/ui/Empty";
import { ErrorNote } from "@/ui/ErrorNote";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import css from "./Admin.module.css";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { beginsWith } from "./queue";

const STATES: VerificationState[] = ["waiting", "checked", "returned", "draft", "verified"];
const TONES = { waiting: "warn", checked: "accent", returned: "neutral", draft: "neutral", verified: "ok" } as const;

/** Who says they are a clinician, the longest waiting first. */
export function VerificationsPage() {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<VerificationState | null>(null);
  const [inviting, setInviting] = useState(false);
  const open = { waiting: useQuery(verifications("waiting")), checked: useQuery(verifications("checked")) };
  const [waiting, checked] = [open.waiting.data?.verifications, open.checked.data?.verifications];
  const state = chosen ?? beginsWith(waiting ?? [], checked ?? []);
  const list = useQuery(verifications(state));
  // Where to begin is known when both lists are: until then nothing says that nobody waits.
  const pending = list.isPending || (chosen === null && (open.waiting.isPending || open.checked.isPending));
  const shown = pending ? undefined : list.data?.verifications;
  const counts: Partial<Record<VerificationState, number>> = { waiting: waiting?.length, checked: checked?.length };
  return (
    <Page
      title={t("verifications.title")}
      lead={t("verifications.lead")}
      action={
        <Button kind="main" icon={<IconUserPlus aria-hidden />} onClick={() => setInviting(true)}>
          {t("verifications.invite")}
        </Button>
      }
    >
      <div className="stack">
        <ChipBar label={t("verifications.show")}>
          {STATES.map((each) => (
            <Chip key={each} pressed={each === state} onPress={() => setChosen(each)} count={counts[each]}>
              {t(`verification.state.${each}`)}
            </Chip>
          ))}
        </ChipBar>
        {pending && <Skeleton rows={4} height={72} />}
        {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
        {shown?.length === 0 && (
          <Empty icon={<IconUserCheck />} title={t("verifications.empty")}>
            {t("verifications.emptyText")}
          </Empty>
        )}
        {shown && shown.length > 0 && (
          <List label={t("verifications.title")}>
            {shown.map((each) => (
              <li key={each.account}>
                <Row verification={each} />
              </li>
            ))}
          </List>
        )}
      </div>
      <Invitations />
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
    </Page>
  );
}

function Row({ verification }: { verification: Verification }) {
  const { t } = useTranslation();
  const { account, name, details, state, changed, checks } = verification;
  return (
    <Link to="/admin/verifications/$account" params={{ account: String(account) }} className={css.case}>
      <div>
        <p className="strong">{name}</p>
        <p className="muted small">
          {details
            ? `${details.profession} \u00b7 ${details.register} ${details.registrationNumber}`
            : t("verifications.noDetails")}
        </p>
        <p className="muted small">
          {t("verifications.since")} <When value={changed} relative />
          {checks.map((check) => ` \u00b7 ${t("verifications.checkedBy", { name: check.name })}`)}
        </p>
      </div>
      <Tag tone={TONES[state]}>{t(`verification.state.${state}`)}</Tag>
      <IconChevronRight aria-hidden className="muted" />
    </Link>
  );
}
