import "@/lib/laterWords";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { addMember, members, removeMember, users } from "@/api/admin";
import type { Organization } from "@/api/types";
import { Button } from "@/ui/Button";
import { List } from "@/ui/Card";
import { Dialog, DialogActions } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { RadioList, SearchField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import css from "./Admin.module.css";

const PAUSE = 200;
const SHOWN = 6;

/** Adds a practitioner to an organization, and with it what patients have granted to that organization. */
export function MemberDialog({ organization, onClose }: { organization: Organization | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={organization !== null}
      title={t("organizations.addTitle", { name: organization?.name ?? "" })}
      onClose={onClose}
    >
      {organization && (
        <div className="stack">
          <Members organization={organization} />
          <MemberForm organization={organization} onClose={onClose} />
        </div>
      )}
    </Dialog>
  );
}

/** Who works there now, each with a way to end it. */
function Members({ organization }: { organization: Organization }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = useQuery(members(organization.id));
  const end = useMutation({
    mutationFn: (account: number) => removeMember(organization.id, account),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["admin"] });
      toast(t("organizations.removed"));
    },
  });
  if (!list.data || list.data.length === 0) return null;
  return (
    <>
      <List label={t("organizations.members")}>
        {list.data.map((member) => (
          <li key={member.account} className={css.paper}>
            <span>
              {member.name} <span className="muted small">{t(`role.${member.role}`)}</span>
            </span>
            {member.role !== "service" && (
              <Button size="small" kind="quiet" busy={end.isPending} onClick={() => end.mutate(member.account)}>
                {t("organizations.remove")}
                <span className="visually-hidden"> {member.name}</span>
              </Button>
            )}
          </li>
        ))}
      </List>
      {end.error && <ErrorNote error={end.error} />}
    </>
  );
}

function MemberForm({ organization, onClose }: { organization: Organization; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [query, setQuery] = useState("");
  const [account, setAccount] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useInfiniteQuery(users(query, "practitioner"));
  const candidates = (found.data?.pages[0]?.users ?? []).filter(
    (user) => !user.organizations.some((each) => each.id === organization.id),
  );
  const add = useMutation({
    mutationFn: (id: number) => addMember(organization.id, id),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: ["admin"] });
      onClose();
      toast(t("organizations.added"));
    },
  });
  return (
    <div className="stack">
      <p>{t("organizations.addText")}</p>
      <SearchField label={t("organizations.findMember")} value={text} onText={setText} />
      {candidates.length > 0 ? (
        <RadioList
          label={t("organizations.findMember")}
          hideLabel
          value={account}
          onPick={setAccount}
          options={candidates
            .slice(0, SHOWN)
            .map((user) => ({ value: String(user.id), label: user.name, hint: user.username }))}
        />
      ) : (
        <p className="muted">{found.isFetching ? t("common.loading") : t("users.noMatch")}</p>
      )}
      {(found.error ?? add.error) && <ErrorNote error={found.error ?? add.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          kind="main"
          busy={add.isPending}
          disabled={account === null}
          onClick={() => account && add.mutate(Number(account))}
        >
          {t("organizations.addNow")}
        </Button>
      </DialogActions>
    </div>
  );
}
