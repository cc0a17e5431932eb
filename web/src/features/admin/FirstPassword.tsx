import "@/lib/laterWords";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { User } from "@/api/types";
import { resendInvitation } from "@/api/verification";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ErrorNote } from "@/ui/ErrorNote";
import { When } from "@/ui/When";
import { InvitationSent } from "./InviteDialog";

/** Whose owner has not chosen a password of their own: until when the first one opens it, and an invitation when that is over. */
export function FirstPassword({ user, until }: { user: User; until: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const over = new Date(until) <= new Date();
  const invite = useMutation({
    mutationFn: () => resendInvitation(user.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  if (!over) {
    return (
      <p className="muted small">
        {t("users.firstUntil")} <When value={until} timed />
      </p>
    );
  }
  return (
    <div className="stack">
      <p className="muted small">{t("users.firstOver")}</p>
      <div>
        <Button size="small" busy={invite.isPending} onClick={() => invite.mutate()}>
          {t("users.invite")}
          <span className="visually-hidden"> {user.name}</span>
        </Button>
      </div>
      {invite.error && <ErrorNote error={invite.error} />}
      <Dialog open={invite.data !== undefined} title={t("users.invite")} onClose={() => invite.reset()}>
        {invite.data && <InvitationSent invited={invite.data} name={user.name} onClose={() => invite.reset()} />}
      </Dialog>
    </div>
  );
}
