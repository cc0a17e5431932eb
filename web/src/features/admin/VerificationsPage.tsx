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

const STATES: VerificationState[] = ["waiting", "checked", "returned", "draft", "verified"];
const TONES = { waiting: "warn", checked: "accent", returned: "neutral", draft: "neutral", verified: "ok" } as const;

/** Who says they are a clinician, the longest waiting first. */
export function VerificationsPage() {
  const { t } = useTranslation();
  const [state, setState] = useState<VerificationState>("waiting");
  const [inviting, setInviting] = useState(false);
  const list = useQuery(verifications(state));
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
            <Chip key={each} pressed={each === state} onPress={() => setState(each)}>
              {t(`verification.state.${each}`)}
            </Chip>
          ))}
        </ChipBar>
        {list.isPending && <Skeleton rows={4} height={72} />}
        {list.error && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
        {list.data?.verifications.length === 0 && (
          <Empty icon={<IconUserCheck />} title={t("verifications.empty")}>
            {t("verifications.emptyText")}
          </Empty>
        )}
        {list.data && list.data.verifications.length > 0 && (
          <List label={t("verifications.title")}>
            {list.data.verifications.map((each) => (
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
